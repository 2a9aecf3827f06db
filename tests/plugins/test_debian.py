"""What a run says of tests that it had to leave out."""

import subprocess
from pathlib import Path

import pytest

from tests.house.planted import ROOT, Planted
from tests.plugins.debian import PACKAGE_OF, PROGRAMS_OF

TESTS = """
import pytest


@pytest.mark.redis
def test_with_redis() -> None:
    assert int("1")


def test_without() -> None:
    assert int("1")
"""
OTHERWISE_SKIPPED = (
    "import pytest\n\n\n@pytest.mark.skip(reason='a whim')\ndef test_a() -> None:\n    assert int('1')\n"
)
OFFERED = Path("programs")


@pytest.fixture
def planted(tmp_path: Path) -> Planted:
    planted = Planted(tmp_path)
    planted.put({"tests/test_b.py": TESTS, str(OFFERED / "ls"): ""})
    return planted


def offer(planted: Planted, program: str) -> None:
    planted.put({str(OFFERED / program): "#!/bin/sh\n"})
    (planted.folder / OFFERED / program).chmod(0o755)


@pytest.mark.parametrize("processes", ["0", "1"])
def test_a_missing_package_leaves_its_tests_out_and_is_named(planted: Planted, processes: str) -> None:
    ran = run(planted, "-n", processes)
    assert ran.returncode == 0
    assert "1 passed, 1 skipped" in ran.stdout
    assert "tests/test_b.py::test_with_redis: Skipped: the Debian package redis-server is missing" in ran.stdout


def test_a_package_that_is_there_brings_its_tests_in(planted: Planted) -> None:
    offer(planted, "redis-server")
    ran = run(planted, ci="true")
    assert ran.returncode == 0
    assert "2 passed" in ran.stdout


@pytest.mark.parametrize("processes", ["0", "1"])
def test_ci_fails_where_a_package_is_missing(planted: Planted, processes: str) -> None:
    ran = run(planted, "-n", processes, ci="true")
    assert ran.returncode == 1
    assert "not allowed in CI" in ran.stdout


def test_ci_fails_for_any_other_skip(planted: Planted) -> None:
    planted.put({"tests/test_b.py": OTHERWISE_SKIPPED})
    assert run(planted).returncode == 0
    assert run(planted, ci="true").returncode == 1


def test_ci_installs_the_packages_that_tests_need() -> None:
    markers = {name for name in PROGRAMS_OF if f"@pytest.mark.{name}" in all_tests()}
    script = (ROOT / ".ci" / "run").read_text()
    installed = script.partition("packages=(")[2].partition(")")[0].split()
    assert {PACKAGE_OF[marker] for marker in markers} <= set(installed)


def test_every_package_has_a_declared_marker() -> None:
    settings = (ROOT / "pyproject.toml").read_text()
    assert all(f'"{name}: needs the Debian package {package}"' in settings for name, package in PACKAGE_OF.items())
    assert set(PACKAGE_OF) == set(PROGRAMS_OF)


def all_tests() -> str:
    own = Path(__file__).parent
    return "".join(file.read_text() for file in (ROOT / "tests").rglob("test_*.py") if file.parent != own)


def run(planted: Planted, *arguments: str, ci: str = "") -> subprocess.CompletedProcess[str]:
    path = str(planted.folder / OFFERED)
    return planted.run("pytest", "-p", "tests.plugins.debian", *arguments, "tests/test_b.py", PATH=path, CI=ci)

"""CI runs every check, installs what is missing first, and fails when a check fails."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.house.planted import ROOT

INSTALLED = 'echo "dpkg-query $*" >> "$SAID"\necho installed'
ABSENT = 'echo "dpkg-query $*" >> "$SAID"\nexit 1'
CHECK = "make --keep-going --jobs=2 check"
SAYS = 'echo "{name} $*" >> "$SAID"\nexit {code}'


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    folder = tmp_path / "programs"
    folder.mkdir()
    stand_in(folder, "dpkg-query", INSTALLED)
    for name in ("make", "apt-get", "sudo"):
        stand_in(folder, name, SAYS.format(name=name, code=0))
    return folder


def stand_in(folder: Path, name: str, body: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{body}\n")
    (folder / name).chmod(0o755)


def run(programs: Path) -> tuple[int, list[str]]:
    said = programs / "said"
    environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "SAID": str(said)}
    ran = subprocess.run([ROOT / ".ci" / "run"], env=environment, capture_output=True, check=False, timeout=60)
    return ran.returncode, [line for line in said.read_text().splitlines() if not line.startswith("dpkg-query")]


def test_nothing_is_installed_where_all_is_there(programs: Path) -> None:
    assert run(programs) == (0, [CHECK])


def test_what_is_missing_is_installed_first(programs: Path) -> None:
    stand_in(programs, "dpkg-query", ABSENT)
    code, said = run(programs)
    assert code == 0
    assert "update" in said[0]
    assert re.search(r"install .*\bgit make python3\b", said[1])
    assert said[2] == CHECK


def test_a_package_that_cannot_be_had_does_not_hide_the_checks(programs: Path) -> None:
    stand_in(programs, "dpkg-query", ABSENT)
    for name in ("apt-get", "sudo"):
        stand_in(programs, name, SAYS.format(name=name, code=1))
    code, said = run(programs)
    assert (code, said[-1]) == (0, CHECK)


def test_a_failing_check_fails_ci(programs: Path) -> None:
    stand_in(programs, "make", SAYS.format(name="make", code=2))
    code, _ = run(programs)
    assert code != 0


def test_check_is_made_of_every_check() -> None:
    dry = subprocess.run(["make", "--dry-run", "check"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for command in (
        "ruff check .",
        "ruff format --check .",
        "mypy",
        "lint-imports",
        "deptry .",
        ".ci/audit.py",
        "pytest -n",
    ):
        assert command in dry, command

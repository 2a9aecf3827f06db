"""ruff, mypy, import-linter, deptry and pytest are set so that each of them sees what the house forbids."""

import re
from pathlib import Path

import pytest

from tests.house.planted import SKELETON, Planted

RUFF = [
    ("PLC0415", "src/api/a.py", "def book() -> None:\n    import json\n\n    json.dumps({})\n"),
    ("TID251", "src/api/a.py", "from typing import TYPE_CHECKING\n\nNEVER = TYPE_CHECKING\n"),
    ("TID251", "src/api/a.py", "from __future__ import annotations\n"),
    ("TID251", "tests/a.py", "from unittest.mock import patch\n\nPATCH = patch\n"),
    ("TID252", "src/api/a.py", "from .b import c\n\nD = c\n"),
    ("FIX002", "src/api/a.py", "# TODO: later\n"),
    ("PGH003", "src/api/a.py", "A: int = 1  # type: ignore\n"),
    ("PGH004", "src/api/a.py", "A = 1  # noqa\n"),
    ("RUF100", "src/api/a.py", "A = 1  # noqa: S101 - nothing is wrong here\n"),
    ("T201", "src/api/a.py", 'print("here")\n'),
    ("DTZ005", "src/api/a.py", "from datetime import datetime\n\nNOW = datetime.now()\n"),
    ("BLE001", "src/api/a.py", "try:\n    A = 1\nexcept Exception:\n    A = 2\n"),
    ("S608", "src/infra/a.py", 'def read(name: str) -> str:\n    return f"select * from {name}"\n'),
    ("ASYNC251", "src/workers/a.py", "import time\n\n\nasync def wait() -> None:\n    time.sleep(1)\n"),
    ("ERA001", "src/api/a.py", "# book(visit)\n"),
    ("E501", "src/api/a.py", f'A = "{"a" * 120}"\n'),
]

MYPY = [
    ("no-untyped-def", "src/api/a.py", "def book(visit):\n    return visit\n"),
    ("arg-type", "tests/test_b.py", "def test_b() -> None:\n    assert len(1)\n"),
    ("type-arg", "migrations/env.py", "A: list = []\n"),
    ("unused-ignore", "src/api/a.py", "A: int = 1  # type: ignore[assignment]  # nothing is wrong here\n"),
]

CONTRACTS = [
    ("rooms", "src/domains/customers/__init__.py", "import infra\n"),
    ("rooms", "src/domains/shared/ids.py", "import api\n"),
    ("rooms", "src/infra/mail.py", "import workers\n"),
    ("rooms", "src/workers/__init__.py", "import infra\n"),
    ("rooms", "src/api/__init__.py", "import infra\n"),
    ("rooms", "src/api/__init__.py", "import frontdesk\n"),
    ("domains", "src/domains/identity/__init__.py", "import domains.tenants\n"),
    ("domains", "src/domains/shared/ids.py", "import domains.customers\n"),
    ("domains", "src/domains/undeclared/__init__.py", ""),
    ("sandbox", "src/infra/sandbox/__init__.py", "import domains.shared.ids\n"),
    ("sandbox", "src/infra/mail.py", "import domains.shared.ids\n"),
    ("cycles", "src/infra/mail.py", "import infra.sandbox.stand_in\n"),
]
ON_THE_WAY = {"src/infra/sandbox/__init__.py": "import infra.mail\n", "src/infra/sandbox/stand_in.py": ""}


@pytest.fixture
def planted(tmp_path: Path) -> Planted:
    return Planted(tmp_path)


def test_the_skeleton_is_in_order(planted: Planted) -> None:
    for command in (["ruff", "check", "src", "tests", "--no-cache"], ["mypy"], ["lint-imports"], deptry()):
        ran = planted.run(*command)
        assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize(("code", "path", "text"), RUFF)
def test_ruff_sees(planted: Planted, code: str, path: str, text: str) -> None:
    planted.put({path: text})
    ran = planted.run("ruff", "check", "--no-cache", "--output-format=concise", path)
    assert ran.returncode == 1
    assert f" {code} " in ran.stdout


def test_ruff_sees_a_format(planted: Planted) -> None:
    assert planted.run("ruff", "format", "--check", "--no-cache", "migrations").returncode == 0
    planted.put({"migrations/env.py": "A = [1,2]\n"})
    assert planted.run("ruff", "format", "--check", "--no-cache", "migrations").returncode == 1


def test_mypy_sees(planted: Planted) -> None:
    planted.put({path: text for _, path, text in MYPY[:3]})
    ran = planted.run("mypy")
    assert ran.returncode == 1
    for code, path, _ in MYPY[:3]:
        assert any(line.startswith(path) and line.endswith(f"[{code}]") for line in ran.stdout.splitlines()), ran.stdout


def test_mypy_sees_an_idle_ignore(planted: Planted) -> None:
    code, path, text = MYPY[3]
    planted.put({path: text})
    assert f"[{code}]" in planted.run("mypy").stdout


@pytest.mark.parametrize(("contract", "path", "text"), CONTRACTS)
def test_import_linter_sees(planted: Planted, contract: str, path: str, text: str) -> None:
    planted.put({**(ON_THE_WAY if path == "src/infra/mail.py" and contract != "rooms" else {}), path: text})
    ran = planted.run("lint-imports", "--contract", contract, "--no-cache")
    assert ran.returncode == 1
    assert "BROKEN" in ran.stdout


def test_every_contract_is_seen_to_fail() -> None:
    declared = [line for line in SKELETON["pyproject.toml"].splitlines() if line.startswith("id = ")]
    assert {line.split('"')[1] for line in declared} == {contract for contract, *_ in CONTRACTS}


def test_deptry_sees_an_undeclared_library(planted: Planted) -> None:
    planted.put({"src/infra/mail.py": "import requests\n\nGET = requests.get\n"})
    ran = planted.run(*deptry())
    assert ran.returncode == 1
    assert "'requests'" in ran.stderr


def test_deptry_sees_an_idle_dependency(planted: Planted) -> None:
    settings = SKELETON["pyproject.toml"].replace("dependencies = [", 'dependencies = [\n    "requests",', 1)
    planted.put({"pyproject.toml": settings})
    assert "'requests' defined as a dependency but not used" in planted.run("deptry", ".").stderr


def test_a_warning_fails_a_test(planted: Planted) -> None:
    warn = "import warnings\n\n\ndef test_b() -> None:\n    warnings.warn('old')\n    assert int('1')\n"
    planted.put({"tests/test_b.py": warn})
    assert planted.run("pytest", "-q", "tests/test_a.py").returncode == 0
    assert planted.run("pytest", "-q", "tests/test_b.py").returncode == 1


def test_an_unknown_marker_fails(planted: Planted) -> None:
    planted.put(
        {"tests/test_b.py": "import pytest\n\n\n@pytest.mark.slwo\ndef test_b() -> None:\n    assert int('1')\n"}
    )
    assert planted.run("pytest", "-q", "tests/test_b.py").returncode != 0


def test_every_ignore_is_explained() -> None:
    entry = re.compile(r'^    "[A-Za-z0-9-]+", *(?P<reason>#.*)?$', re.MULTILINE)
    lists = re.findall(
        r"^(?:ignore|DEP\d+|\"[^\"]+\") = \[\n(.*?)^\]", SKELETON["pyproject.toml"], re.MULTILINE | re.DOTALL
    )
    entries = [match for listed in lists for match in entry.finditer(listed)]
    assert len(entries) > 10
    assert [match[0] for match in entries if len((match["reason"] or "").split()) < 3] == []


def deptry() -> list[str]:
    """The skeleton uses few of the declared libraries: those it leaves idle are no matter here."""
    return ["deptry", ".", "--ignore", "DEP002"]

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
    ("unused-ignore", "src/api/b.py", "A: int = 1  # type: ignore[assignment]  # nothing is wrong here\n"),
]

FORBIDDEN_IMPORTS = {
    "src/api/__init__.py": "import frontdesk\nimport infra\n",
    "src/domains/customers/__init__.py": "import infra\n",
    "src/domains/identity/__init__.py": "import domains.tenants\n",
    "src/domains/shared/ids.py": "import api\nimport domains.customers\n",
    "src/domains/undeclared/__init__.py": "",
    "src/infra/mail.py": "import domains.shared.ids\nimport infra.sandbox.stand_in\nimport workers\n",
    "src/infra/sandbox/__init__.py": "import domains.shared.ids\nimport infra.mail\n",
    "src/infra/sandbox/stand_in.py": "",
    "src/workers/__init__.py": "import infra\n",
}
CONTRACTS = [
    ("rooms", "domains is not allowed to import infra:"),
    ("rooms", "domains is not allowed to import api:"),
    ("rooms", "infra is not allowed to import workers:"),
    ("rooms", "workers is not allowed to import infra:"),
    ("rooms", "api is not allowed to import infra:"),
    ("rooms", "api is not allowed to import frontdesk:"),
    ("domains", "domains.identity is not allowed to import domains.tenants:"),
    ("domains", "domains.shared is not allowed to import domains.customers:"),
    ("domains", "The following modules are not listed as layers: - domains.undeclared"),
    ("sandbox", "- infra.sandbox -> domains.shared.ids (l.1)"),
    ("sandbox", "- infra.sandbox -> infra.mail (l.2) infra.mail -> domains.shared.ids (l.1)"),
    ("cycles", "No cycles are allowed in infra."),
]


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
    planted.put({path: text for _, path, text in MYPY})
    ran = planted.run("mypy")
    assert ran.returncode == 1
    for code, path, _ in MYPY:
        assert any(line.startswith(path) and line.endswith(f"[{code}]") for line in ran.stdout.splitlines()), ran.stdout


def test_import_linter_sees(planted: Planted) -> None:
    planted.put(FORBIDDEN_IMPORTS)
    ran = planted.run("lint-imports", "--no-cache")
    assert ran.returncode == 1
    said = " ".join(ran.stdout.split())
    assert [broken for broken in CONTRACTS if broken[1] not in said] == [], ran.stdout


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


def test_pytest_sees_a_warning_and_an_unknown_marker(planted: Planted) -> None:
    warn = "import warnings\n\n\ndef test_b() -> None:\n    warnings.warn('old')\n    assert int('1')\n"
    mark = "import pytest\n\n\n@pytest.mark.slwo\ndef test_c() -> None:\n    assert int('1')\n"
    planted.put({"tests/test_b.py": warn, "tests/test_c.py": mark})
    ran = planted.run("pytest", "-rA", "--continue-on-collection-errors", *(f"tests/test_{name}.py" for name in "abc"))
    assert ran.returncode == 1
    for line in ("PASSED tests/test_a.py::test_a", "FAILED tests/test_b.py::test_b", "ERROR tests/test_c.py"):
        assert line in ran.stdout, ran.stdout


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

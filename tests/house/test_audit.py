"""A vulnerability fails the check; a list out of reach does not, and is said."""

import importlib.util
import json
import subprocess
import sys
from types import ModuleType

import pytest

from tests.house.planted import ROOT

SOUND = {"name": "litestar", "version": "2.25.0", "vulns": []}
UNKNOWN = {"name": "dishka", "skip_reason": "Dependency not found on PyPI"}
VULNERABLE = {"name": "jinja2", "version": "2.4.0", "vulns": [{"id": "CVE-2019-10906", "fix_versions": ["2.10.1"]}]}


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", ROOT / ".ci" / "audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_vulnerability_fails_and_is_named(audit: ModuleType) -> None:
    found = audit.verdict(json.dumps({"dependencies": [SOUND, VULNERABLE]}))
    assert found.fails
    assert found.lines[0] == "audit: jinja2 2.4.0 has CVE-2019-10906, mended in 2.10.1"


def test_sound_packages_pass(audit: ModuleType) -> None:
    found = audit.verdict(json.dumps({"dependencies": [SOUND, UNKNOWN]}))
    assert not found.fails
    assert found.lines == ["audit: 1 of 2 packages looked up, 0 vulnerabilities"]


@pytest.mark.parametrize("answer", ["", "connection refused", "[]", json.dumps({"dependencies": [UNKNOWN]})])
def test_a_list_out_of_reach_is_said_and_does_not_fail(audit: ModuleType, answer: str) -> None:
    found = audit.verdict(answer)
    assert not found.fails
    assert "out of reach" in found.lines[-1]


def test_an_empty_list_of_packages_fails() -> None:
    ran = subprocess.run(
        [sys.executable, ROOT / ".ci" / "audit.py"], input="", text=True, capture_output=True, check=False
    )
    assert ran.returncode == 1

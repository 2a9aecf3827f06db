"""The house rules hold, and each of them can fail."""

from pathlib import Path

import pytest

from tests.house.rules import EXEMPTIONS, RULES, Exemption, violations
from tests.house.tree import Repository

ROOT = Path(__file__).parents[2]
PYPROJECT = (ROOT / "pyproject.toml").read_text()


def function(lines: int) -> str:
    return "def book() -> None:\n" + "    print()\n" * (lines - 1)


def handler(lines: int) -> str:
    return '@post("/a")\nasync def book() -> None:\n    """Book."""\n' + "    print()\n" * lines


def constructor(ports: int) -> str:
    named = "".join(f", port_{number}: A" for number in range(ports))
    return f"class Booking:\n    def __init__(self, actor: Actor{named}) -> None:\n        pass\n"


SHORT = function(2) * 19

PLANTED = [
    ("declared-imports", "tests/test_a.py", "import requests\n", "import httpx\n"),
    ("declared-imports", "migrations/env.py", "import yoyo\n", "import alembic\nimport infra.postgres\n"),
    ("domain-imports", "src/domains/a/model.py", "import litestar\n", "import msgspec\nfrom datetime import UTC\n"),
    ("domain-imports", "src/domains/a/model.py", "from sqlalchemy.orm import Mapped\n", "from dateutil import rrule\n"),
    ("file-length", "src/api/a.py", "A = 1\n" * 251, "A = 1\n" * 250),
    ("file-length", "tests/a.py", "A = 1\n" * 401, "A = 1\n" * 400),
    ("file-name", "src/domains/a/service.py", "", None),
    ("file-name", "src/infra/utils/mail.py", "", None),
    ("file-name", "tests/helpers.py", "", None),
    ("file-name", "src/api/manager.py", "", None),
    ("function-length", "src/api/a.py", SHORT + function(41), SHORT + function(40)),
    ("handler-length", "src/api/a.py", handler(11), handler(10)),
    ("live-links", "docs/a.md", "see [b](decisions/0009.md)\n", "see [b](../pyproject.toml#x), [c](../src/domains/)\n"),
    ("live-links", "README.md", "see [the map](docs/map.md)\n", "see [it](https://example.com/a.md)\n"),
    ("no-machine", "docs/a.md", "see /home/jane/notes\n", "see /health\n"),
    ("no-machine", "Makefile", "uv = /root/bin/uv\n", "uv = .tools/uv\n"),
    ("no-machine", "src/api/a.py", "# as ../shared says\n", "from domains.shared import ids\n"),
    ("no-patching", "tests/a.py", "from unittest import mock\nmock.patch('api.a.b')\n", "import os\n"),
    (
        "no-patching",
        "tests/a.py",
        "from unittest.mock import patch\n",
        "from litestar import patch\n@patch('/a')\ndef f(): ...\n",
    ),
    ("no-patching", "tests/a.py", "unittest.mock.patch.object(Booking, 'book')\n", "client.patch('/a')\n"),
    ("no-patching", "tests/a.py", "monkeypatch.setattr('api.a.b', 1)\n", "monkeypatch.setenv('A', '1')\n"),
    ("no-sleeping", "tests/a.py", "time.sleep(0.2)\n", "await asyncio.sleep(0)\n"),
    (
        "no-sleeping",
        "tests/a.py",
        "def f():\n    while not done():\n        sleep(1)\n",
        "def f():\n    while monotonic() < end and not done():\n        sleep(1)\n",
    ),
    ("nothing-left", "src/api/a.py", "# TODO: later\n", "A = 'todo list'\n"),
    ("nothing-left", "src/api/a.sql", "-- FIXME\n", "-- fixed\n"),
    ("port-count", "src/domains/a/booking.py", constructor(6), constructor(5)),
    ("private-modules", "src/domains/b/a.py", "from domains.a.model import A\n", "from domains.a import A\n"),
    (
        "private-modules",
        "src/domains/b/a.py",
        "from domains.a import model\n",
        "from domains.shared.ids import new_id\n",
    ),
    ("public-registries", "uv.lock", 'url = "https://pypi.example.com/a.whl"\n', 'url = "https://pypi.org/simple"\n'),
    ("public-registries", "Makefile", "--index-url=http://mirror.example.com/\n", "curl https://example.com/\n"),
    ("reason-for-leaving-out", "tests/a.py", "@pytest.mark.skip\ndef f(): ...\n", "pytest.skip('no engine here')\n"),
    ("reason-for-leaving-out", "tests/a.py", "pytest.mark.xfail()\n", "pytest.mark.xfail(reason='issue 3')\n"),
    ("reason-for-silence", "src/api/a.py", "a()  # noqa: S603\n", "a()  # noqa: S603 - fixed arguments\n"),
    ("reason-for-silence", "src/api/a.py", "a()  # type: ignore[arg-type]\n", "a()  # type: ignore[x]  # no stubs\n"),
    ("reason-for-silence", "src/api/a.py", "# ruff: noqa\n", "# ruff: noqa: E501 - a table of cases\n"),
    ("test-asserts", "tests/test_a.py", "def test_a():\n    book()\n", "def test_a():\n    assert book()\n"),
    ("test-asserts", "tests/test_a.py", "def test_a():\n    assert True\n", "def test_a():\n    expect_one(book())\n"),
    (
        "test-asserts",
        "tests/test_a.py",
        "def same(): ...\ndef test_a():\n    same()\n",
        "def same():\n    assert book()\ndef test_a():\n    same()\n",
    ),
    ("usual-function-length", "src/api/a.py", SHORT + function(21) * 2, SHORT + function(20) + function(21)),
]


def broken(path: str, text: str) -> set[str]:
    texts = {"pyproject.toml": PYPROJECT, "src/domains/a/model.py": "", path: text}
    return {violation.rule for violation in violations(Repository(texts), exemptions=())}


def test_the_house_is_in_order() -> None:
    found = violations(Repository.at(ROOT))
    assert not found, "\n".join(["", *map(str, found)])


@pytest.mark.parametrize(("rule", "path", "bad", "good"), PLANTED)
def test_a_planted_violation_is_seen(rule: str, path: str, bad: str, good: str | None) -> None:
    assert broken(path, bad) == {rule}
    if good is not None:
        assert broken(path, good) == set()


def test_every_rule_is_seen_to_fail() -> None:
    assert {rule for rule, *_ in PLANTED} == set(RULES)


def test_an_exemption_covers_its_file_and_rule_only() -> None:
    long = Repository({"pyproject.toml": PYPROJECT, "src/a.py": "A = 1\n" * 251, "src/b.py": "A = 1\n" * 251})
    exempt = Exemption("file-length", "src/a.py", "a table")
    assert [violation.path for violation in violations(long, [exempt])] == ["src/b.py"]


def test_an_exemption_that_nothing_needs_is_a_violation() -> None:
    sound = Repository({"pyproject.toml": PYPROJECT})
    found = violations(sound, [Exemption("file-length", "src/a.py", "a table")])
    assert [violation.rule for violation in found] == ["idle-exemption"]


def test_every_exemption_has_a_reason() -> None:
    assert all(len(exemption.reason.split()) > 2 for exemption in EXEMPTIONS)

"""The command line as a whole."""

import json
from pathlib import Path

import pytest

from frontdesk.cli import frontdesk
from frontdesk.commands.tenants import command as tenants
from tests.frontdesk.commands import run as forked
from tests.frontdesk.commands import run_alone as run

OFFERED = {
    "accounts",
    "api",
    "backup",
    "data-key",
    "database-url",
    "demo",
    "doctor",
    "envelopes",
    "inbox",
    "jobs",
    "letters",
    "migrate",
    "openapi",
    "restore",
    "tenants",
    "time-zones",
    "up",
    "worker",
}


def test_it_lists_its_commands(tmp_path: Path) -> None:
    lines = run(tmp_path, "--help").stdout.partition("Commands:")[2].splitlines()
    assert {line.split()[0] for line in lines if line.strip()} == OFFERED
    assert [line for line in lines if line.endswith("...")] == []


def test_every_command_is_there_and_told_of_in_its_own_words() -> None:
    """The list is written apart from the commands, so that reading it loads none of them."""
    for name, lazy in {**frontdesk.lazy, **tenants.lazy}.items():
        command = lazy.load()
        assert command.help, name
        assert command.help.split()[0] == lazy.help.split()[0], name


def test_a_command_that_is_none(tmp_path: Path) -> None:
    done = run(tmp_path, "dwon")
    assert done.returncode == 2
    assert "No such command" in done.stderr


def test_wrong_settings_are_one_line_each(tmp_path: Path) -> None:
    done = run(tmp_path, "api", PORT="x", LOG_LEVEL="y")
    assert done.returncode == 1
    assert [line.split()[0] for line in done.stderr.splitlines()] == ["PORT", "LOG_LEVEL"]


@pytest.mark.parametrize("command", ["tenants list", "envelopes list", "jobs list", "letters list", "data-key rotate"])
def test_a_database_that_is_away_is_one_line(tmp_path: Path, command: str) -> None:
    roles = {"DATABASE_URL": "app", "DATABASE_OWNER_URL": "owner", "DATABASE_RELAY_URL": "relay"}
    urls = {name: f"postgresql://frontdesk_{role}:x@127.0.0.1:1/frontdesk" for name, role in roles.items()}
    done = run(tmp_path, *command.split(), **urls)
    assert (done.returncode, done.stderr) == (1, "The database cannot be reached.\n")


def test_the_settings_may_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("LOG_FORMAT=xml\n")
    assert run(tmp_path, "migrate").stderr.startswith("LOG_FORMAT must be one of console, json")


def test_the_contract_is_printed_without_database_and_settings(tmp_path: Path) -> None:
    document = json.loads(run(tmp_path, "openapi").stdout)
    assert document["openapi"].startswith("3.1")
    assert "/api/v1/customers" in document["paths"]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("words", [("--version",), ("dwon",), ("tenants", "list")])
def test_a_forked_command_is_as_one_from_the_interpreters_start(tmp_path: Path, words: tuple[str, ...]) -> None:
    """Other tests run theirs so."""
    settings = {"PORT": "x"} if words[0] == "tenants" else {}
    alone, fork = run(tmp_path, *words, **settings), forked(tmp_path, *words, **settings)
    assert (fork.returncode, fork.stdout, fork.stderr) == (alone.returncode, alone.stdout, alone.stderr)

"""`frontdesk doctor`: what is configured, what runs on a stand-in, what is wrong."""

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from domains.shared.ids import new_id
from tests.frontdesk.commands import free_port, reachable_folder, run
from tests.support.databases import PASSWORDS, Databases, TestDatabase, rows
from tests.support.forbidden import forbidden_folder

CARDS = {
    "STRIPE_SECRET_KEY": "sk_live_12345678",
    "STRIPE_PUBLISHABLE_KEY": "pk_live_12345678",
    "STRIPE_WEBHOOK_SECRET": "whsec_1234567890123456",
}


@pytest.fixture
def folder() -> Iterator[Path]:
    with reachable_folder() as made:
        yield made


def examined(folder: Path, *, code: int, **settings: str) -> dict[str, tuple[str, str]]:
    """What is said about each thing: its state, and in words."""
    done = run(folder, "doctor", **{"PORT": str(free_port()), **settings})
    assert done.returncode == code, done
    found = {}
    for line in done.stdout.splitlines():
        state, rest = line.split(maxsplit=1)
        about, what = (part.strip() for part in rest.split("  ", maxsplit=1))
        found[about] = (state, what)
    return found


def urls_of(database: TestDatabase) -> dict[str, str]:
    return {
        "DATABASE_URL": database.app,
        "DATABASE_OWNER_URL": database.owner,
        "DATABASE_RELAY_URL": database.relay,
    }


def test_a_fresh_machine_runs_on_stand_ins_and_is_left_as_it_was(folder: Path) -> None:
    found = examined(folder, code=0)
    states = {about: state for about, (state, _) in found.items()}
    assert states == {
        "settings": "ok",
        "data folder": "ok",
        "database": "stand-in",
        "tokens": "stand-in",
        "data key": "stand-in",
        "mail": "stand-in",
        "cards": "stand-in",
        "limits": "ok",
        "address": "stand-in",
        "port": "ok",
    }
    assert "not running" in found["database"][1]
    assert not list(folder.iterdir())


def test_what_is_configured(folder: Path, database: TestDatabase) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mail:
        found = examined(
            folder,
            code=0,
            JWT_SECRET="s" * 32,
            DATA_KEY="d" * 32,
            SMTP_URL=f"smtp://user:pw@127.0.0.1:{mail.getsockname()[1]}",
            PUBLIC_URL="https://desk.example.com",
            **CARDS,
            **urls_of(database),
        )
    assert {state for state, _ in found.values()} == {"ok"}
    assert found["database"] == ("ok", "reached as frontdesk_app")
    assert "pw" not in str(found)
    assert CARDS["STRIPE_SECRET_KEY"] not in str(found)
    assert found["rows"][1].startswith("not looked at")


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, "paid at the sandbox"),
        (CARDS | {"STRIPE_SECRET_KEY": "sk_test_12345678"}, "test mode"),
        (CARDS | {"STRIPE_API_URL": "http://127.0.0.1:12111"}, "paid at http://127.0.0.1:12111"),
    ],
)
def test_cards_by_which_no_money_moves(folder: Path, settings: dict[str, str], expected: str) -> None:
    state, what = examined(folder, code=0, **settings)["cards"]
    assert state == "stand-in"
    assert expected in what


@pytest.mark.parametrize(
    ("about", "settings", "expected"),
    [
        ("settings", {"PORT": "many"}, "PORT must be"),
        ("data folder", {"FRONTDESK_DATA_DIR": str(forbidden_folder())}, "cannot be written to"),
        ("files", {"FILES_DIR": str(forbidden_folder())}, "cannot be written to"),
        ("database", {"DATABASE_URL": "postgresql://a:b@no-such-host.invalid/c"}, "there is no host"),
        ("mail", {"SMTP_URL": "smtp://127.0.0.1:1"}, "nothing answers"),
        ("limits", {"REDIS_URL": "redis://:secret@127.0.0.1:1"}, "nothing answers at 127.0.0.1:1"),
    ],
)
def test_what_is_wrong(folder: Path, about: str, settings: dict[str, str], expected: str) -> None:
    state, what = examined(folder, code=1, **settings)[about]
    assert state == "wrong"
    assert expected in what


async def test_rows_that_cannot_be_are_found_by_an_administrator(folder: Path, databases: Databases) -> None:
    database = await databases.new()
    given = {
        "DATABASE_URL": database.admin,
        "OWNER_DATABASE_PASSWORD": PASSWORDS.owner,
        "APP_DATABASE_PASSWORD": PASSWORDS.app,
        "RELAY_DATABASE_PASSWORD": PASSWORDS.relay,
    }
    found = await asyncio.to_thread(examined, folder, code=0, **given)
    assert found["rows"] == ("ok", "all that always holds does")
    await rows(database.admin, "insert into directory.tenants (id, slug, name) values ($1, 'lost', 'Lost')", new_id())
    state, what = (await asyncio.to_thread(examined, folder, code=1, **given))["rows"]
    assert state == "wrong"
    assert what.startswith("2 invariants are broken: a tenant is in the directory")


async def test_a_schema_that_is_not_up_to_date(folder: Path, databases: Databases) -> None:
    empty = await databases.empty()
    found = await asyncio.to_thread(examined, folder, code=1, **urls_of(empty))
    assert found["database"] == ("ok", "reached as frontdesk_app")
    assert found["schema"][0] == "wrong"
    assert found["schema"][1].startswith("at nothing, needed is ")


def test_data_of_another_version(folder: Path) -> None:
    made = folder / "data" / "postgres" / "pgdata"
    made.mkdir(parents=True)
    (made / "PG_VERSION").write_text("14\n")
    state, what = examined(folder, code=1)["database"]
    assert state == "wrong"
    assert "another major version" in what

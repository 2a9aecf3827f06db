"""Which database a command talks to, and what it says when it cannot."""

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from frontdesk.migrated import must_be_migrated
from frontdesk.refusal import Refusal
from frontdesk.settings import Settings
from infra.postgres.migrate import head
from tests.frontdesk.commands import free_port, reachable_folder, refusal, run
from tests.support.databases import PASSWORDS, TestDatabase

ROLES = {
    "OWNER_DATABASE_PASSWORD": PASSWORDS.owner,
    "APP_DATABASE_PASSWORD": PASSWORDS.app,
    "RELAY_DATABASE_PASSWORD": PASSWORDS.relay,
}


@pytest.fixture
def folder() -> Iterator[Path]:
    with reachable_folder() as made:
        yield made


def named(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def ask(url: str, question: str) -> object:
    async def run() -> object:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(question)
        finally:
            await connection.close()

    return asyncio.run(run())


def test_an_administrators_address_alone_is_enough(folder: Path, admin_url: str) -> None:
    """Its own database `postgres` stays untouched; the roles get the passwords that are set."""
    settings = {"DATABASE_URL": named(admin_url, "postgres"), **ROLES}
    assert run(folder, "migrate", **settings).stdout == "The database has been brought to this version.\n"
    assert run(folder, "migrate", **settings).stdout == "The database is at this version.\n"
    app = run(folder, "database-url", **settings).stdout.strip()
    owner = run(folder, "database-url", "--owner", **settings).stdout.strip()
    assert ask(app, "select current_user || ' ' || current_database()") == "frontdesk_app frontdesk"
    assert ask(owner, "select current_user || ' ' || current_database()") == "frontdesk_owner frontdesk"
    assert ask(named(admin_url, "postgres"), "select to_regclass('alembic_version')") is None
    assert not (folder / "data").exists()
    given = {"DATABASE_URL": app, "DATABASE_OWNER_URL": owner, "DATABASE_RELAY_URL": app.replace("_app", "_relay")}
    assert "refuses the role's name or password" in refusal(folder, "migrate", **given)
    given["DATABASE_RELAY_URL"] = given["DATABASE_RELAY_URL"].replace(PASSWORDS.app, PASSWORDS.relay)
    assert run(folder, "migrate", **given).stdout == "The database is at this version.\n"


def test_passwords_that_nobody_set_are_made_and_kept(folder: Path) -> None:
    assert run(folder, "migrate").stdout == "The database has been brought to this version.\n"
    secrets = folder / "data" / "secrets.json"
    first = secrets.read_text()
    assert secrets.stat().st_mode & 0o777 == 0o600
    assert run(folder, "migrate").stdout == "The database is at this version.\n"
    assert secrets.read_text() == first


@pytest.mark.parametrize("command", ["up", "migrate"])
def test_nothing_answers(folder: Path, command: str) -> None:
    url = f"postgresql://a:secret-word@127.0.0.1:{free_port()}/b"
    line = refusal(folder, command, DATABASE_URL=url, PORT=str(free_port()))
    assert line.startswith(f"DATABASE_URL: nothing answers at {urlsplit(url).netloc.rpartition('@')[2]}")
    assert "secret-word" not in line


def test_something_else_answers(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        url = f"postgresql://a:b@127.0.0.1:{other.getsockname()[1]}/b"
        assert "nothing answers" in refusal(folder, "migrate", DATABASE_URL=url)


def test_no_such_host(folder: Path) -> None:
    line = refusal(folder, "migrate", DATABASE_URL="postgresql://a:b@no-such-host.invalid/c")
    assert line == "DATABASE_URL: there is no host no-such-host.invalid."


def test_a_wrong_password(folder: Path, admin_url: str) -> None:
    parts = urlsplit(admin_url)
    url = admin_url.replace(f":{parts.password}@", ":wrong@")
    line = refusal(folder, "up", DATABASE_URL=url, PORT=str(free_port()))
    assert "refuses the role's name or password" in line
    assert str(parts.password) not in line


def test_no_such_database(folder: Path, admin_url: str) -> None:
    assert 'database "missing" does not exist' in refusal(folder, "migrate", DATABASE_URL=named(admin_url, "missing"))


def test_a_role_that_may_not_make_roles(folder: Path, database: TestDatabase) -> None:
    line = refusal(folder, "up", DATABASE_URL=database.owner, PORT=str(free_port()))
    assert line.startswith("DATABASE_URL is of the role frontdesk_owner, which may not create roles.")


@pytest.mark.parametrize(("left_out", "kept"), [("OWNER", "RELAY"), ("RELAY", "OWNER")])
def test_an_address_that_is_missing_beside_the_others(folder: Path, left_out: str, kept: str) -> None:
    url = f"postgresql://a:b@127.0.0.1:{free_port()}/b"
    line = refusal(folder, "migrate", **{"DATABASE_URL": url, f"DATABASE_{kept}_URL": url})
    assert line.startswith(f"DATABASE_{left_out}_URL must be set beside DATABASE_URL")


def test_a_database_of_a_later_version(folder: Path, own_database: TestDatabase) -> None:
    ask(own_database.owner, "update alembic_version set version_num = '9999' returning 1")
    urls = {
        "DATABASE_URL": own_database.app,
        "DATABASE_OWNER_URL": own_database.owner,
        "DATABASE_RELAY_URL": own_database.relay,
    }
    assert refusal(folder, "migrate", **urls).startswith("The database is of another version of Frontdesk than this")


@pytest.mark.parametrize("command", ["api", "worker"])
def test_a_database_of_an_earlier_version_is_not_served(folder: Path, own_database: TestDatabase, command: str) -> None:
    """A later one is: whoever is of the former version serves until the last of its processes has ended."""
    keys = {"JWT_SECRET": "s" * 32, "DATA_KEY": "d" * 32, "SMTP_URL": "smtp://127.0.0.1:1"}
    urls = {"DATABASE_URL": own_database.app, "DATABASE_RELAY_URL": own_database.relay, **keys}
    urls |= {"DATABASE_OWNER_URL": own_database.owner, "PORT": str(free_port())}
    asyncio.run(must_be_migrated(Settings.load(urls, file=folder / "none")))
    ask(own_database.owner, "update alembic_version set version_num = '9999' returning 1")
    asyncio.run(must_be_migrated(Settings.load(urls, file=folder / "none")))
    ask(own_database.owner, "update alembic_version set version_num = '0860' returning 1")
    wanted = f"needed is {head()}: run `frontdesk migrate`."
    assert refusal(folder, command, **urls) == f"The database is at 0860, {wanted}"
    ask(own_database.owner, "revoke all on schema directory from frontdesk_app")
    with pytest.raises(Refusal, match="is of an earlier version"):
        asyncio.run(must_be_migrated(Settings.load(urls, file=folder / "none")))
    missing = named(own_database.app, "missing")
    with pytest.raises(Refusal, match="cannot be reached"):
        asyncio.run(must_be_migrated(Settings.load({**urls, "DATABASE_URL": missing}, file=folder / "none")))


def test_no_database_is_set_and_none_runs(folder: Path) -> None:
    line = refusal(folder, "database-url")
    assert line.startswith("DATABASE_URL is not set, and no `frontdesk up` runs on ")
    assert not (folder / "data").exists()

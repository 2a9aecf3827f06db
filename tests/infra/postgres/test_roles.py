"""Roles and database are made, and mended, by an administrator who need not be a superuser. Attack C15 187."""

import time
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from domains.shared.errors import Unavailable
from domains.shared.ids import new_id
from infra.postgres.database import Database
from infra.postgres.recording import Origin
from infra.postgres.roles import Passwords, prepare, urls_of
from infra.postgres.work import PostgresWork
from tests.support.databases import PASSWORDS, TestDatabase
from tests.support.work import CLOCK

LIMITS = {"statement_timeout": "5s", "lock_timeout": "2s", "idle_in_transaction_session_timeout": "5s"}


async def ask(url: str, query: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


@pytest.mark.parametrize("role", ["app", "relay"])
async def test_who_serves_has_limits(database: TestDatabase, role: str) -> None:
    url: str = getattr(database, role)
    shown = {name: await ask(url, f"show {name}") for name in LIMITS}
    assert shown == LIMITS


async def test_who_migrates_has_none(database: TestDatabase) -> None:
    assert await ask(database.owner, "show statement_timeout") == "0"


async def test_a_statement_that_takes_too_long_gives_its_place_back(database: TestDatabase) -> None:
    pool = Database(database.app, size=1)
    work = PostgresWork(pool, new_id(), Origin(), {}, CLOCK)
    started = time.monotonic()
    with pytest.raises(Unavailable):
        await _run(work, "select pg_sleep(30)")
    assert 4 < time.monotonic() - started < 25
    await _run(work, "select pg_sleep(0)")
    await pool.close()


async def _run(work: PostgresWork, statement: str) -> None:
    async with work:
        await work.connection.execute(statement)


@pytest.mark.parametrize("role", ["owner", "app", "relay"])
async def test_a_role_gets_in_by_its_own_password_only(database: TestDatabase, role: str) -> None:
    url: str = getattr(database, role)
    assert await ask(url, "select current_user::text") == f"frontdesk_{role}"
    with pytest.raises(asyncpg.InvalidPasswordError):
        await ask(url.replace(f"{role}-of-tests", "guessed"), "select 1")


async def test_other_roles_do_not_get_in(database: TestDatabase, admin_url: str) -> None:
    admin = await asyncpg.connect(admin_url)
    try:
        await admin.execute("create role stranger login password 'strange'")
        there = urlunsplit(urlsplit(database.app)._replace(netloc=f"stranger:strange@{_host(database.app)}"))
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await ask(there, "select 1")
    finally:
        await admin.execute("drop role stranger")
        await admin.close()


async def test_preparing_again_changes_nothing(database: TestDatabase) -> None:
    name = urlsplit(database.app).path.strip("/")
    await ask(database.owner, "select 1")
    again = await prepare(database.admin, database=name, passwords=PASSWORDS)
    assert (again.owner, again.app, again.relay) == (database.owner, database.app, database.relay)
    assert await ask(again.app, "select current_user::text") == "frontdesk_app"


def test_odd_passwords_and_names_are_quoted() -> None:
    server = "postgresql://admin:x@db:5432/postgres?ssl=require"
    urls = urls_of(server, database="a/b", passwords=Passwords("@:/", "p", "q"))
    assert urls.owner == "postgresql://frontdesk_owner:%40%3A%2F@db:5432/a%2Fb?ssl=require"


def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2]

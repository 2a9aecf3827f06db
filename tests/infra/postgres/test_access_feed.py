"""What every process is told of access: each change once, whatever order transactions commit in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest
from structlog.testing import capture_logs

from domains.shared.ids import new_id
from infra.postgres.access_feed import AccessFeed, Changes
from infra.postgres.api_keys import PostgresKeyUses
from infra.postgres.database import Database
from tests.support.databases import TestDatabase, rows
from tests.support.house import House
from tests.support.people import Tenant
from tests.support.soon import becomes

SINCE = "select * from directory.access_changes_since($1, $2)"


class Heard:
    """A memory that only listens."""

    def __init__(self) -> None:
        self.changes: list[Changes] = []
        self.cleared = 0
        self.as_of = float("-inf")

    def forget(self, changes: Changes, *, as_of: float) -> None:
        self.as_of = as_of
        if not changes.is_empty:
            self.changes.append(changes)

    def forget_all(self, *, as_of: float) -> None:
        self.as_of = as_of
        self.cleared += 1

    @property
    def sessions(self) -> list[UUID]:
        return [session for each in self.changes for session in each.sessions]

    @property
    def members(self) -> set[tuple[UUID, UUID]]:
        return {member for each in self.changes for member in each.members}


@asynccontextmanager
async def feed_of(database: TestDatabase) -> AsyncIterator[tuple[AccessFeed, Heard]]:
    heard = Heard()
    feed = AccessFeed(database.app, heard)
    running = asyncio.create_task(feed.run())
    try:
        await becomes(1, lambda: _of(heard.cleared), within=5)
        yield feed, heard
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def _of(value: object) -> object:
    return value


@pytest.fixture
async def admin(database: TestDatabase) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database.admin)
    yield connection
    await connection.close()


CHANGES = [
    ("delete from directory.sessions where id = $1", "session"),
    ("update directory.sessions set expires_at = now() where id = $1", "session"),
    ("update directory.memberships set role = 'member' where user_id = $1", "user"),
    ("update directory.memberships set suspended_at = now() where user_id = $1", "user"),
    ("update directory.tenants set suspended_at = now() where id = $1", "tenant"),
    ("update directory.tenants set plan = 'standard' where id = $1", "tenant"),
    ("update directory.tenants set limits = '{\"quotas\": {}}' where id = $1", "tenant"),
]


@pytest.mark.breaks_invariants("rows that were changed in one place only")
@pytest.mark.parametrize(("change", "about"), CHANGES)
async def test_a_change_of_access_is_told(
    database: TestDatabase, admin: asyncpg.Connection, tenant: Tenant, change: str, about: str
) -> None:
    person = tenant.owner
    subject = {"session": person.session, "user": person.user, "tenant": tenant.id}[about]
    async with feed_of(database) as (feed, heard):
        await admin.execute(change, subject)
        await feed.catch_up()
        found = {
            "session": person.session in heard.sessions,
            "user": (tenant.id, person.account) in heard.members,
            "tenant": any(tenant.id in each.tenants for each in heard.changes),
        }
    assert found[about]


@pytest.mark.parametrize(
    "change",
    [
        "update directory.sessions set expires_at = expires_at + interval '1 hour', last_used_at = now() where id = $1",
        "update directory.memberships set last_used_at = now() where user_id = $1",
        "update directory.tenants set name = 'Other' where id = $1",
    ],
)
async def test_what_changes_nothing_about_access_is_not(
    database: TestDatabase, admin: asyncpg.Connection, tenant: Tenant, change: str
) -> None:
    person = tenant.owner
    subject = person.session if "sessions" in change else person.user if "memberships" in change else tenant.id
    before = await admin.fetchval("select count(*) from directory.access_changes")
    assert await admin.execute(change, subject) == "UPDATE 1"
    assert await admin.fetchval("select count(*) from directory.access_changes") == before


async def test_one_that_commits_after_a_later_one_is_not_missed(
    database: TestDatabase, admin: asyncpg.Connection, tenant: Tenant, other_tenant: Tenant
) -> None:
    slow = await asyncpg.connect(database.admin)
    async with feed_of(database) as (feed, heard):
        async with slow.transaction():
            await slow.execute("delete from directory.sessions where id = $1", tenant.owner.session)
            await admin.execute("delete from directory.sessions where id = $1", other_tenant.owner.session)
            await feed.catch_up()
            assert other_tenant.owner.session in heard.sessions
            assert tenant.owner.session not in heard.sessions
        await feed.catch_up()
        await feed.catch_up()
        assert heard.sessions.count(tenant.owner.session) == 1
        assert heard.sessions.count(other_tenant.owner.session) == 1
        assert heard.cleared == 1
    await slow.close()


async def test_one_that_is_undone_is_not_told(
    database: TestDatabase, admin: asyncpg.Connection, tenant: Tenant
) -> None:
    async with feed_of(database) as (feed, heard):
        undone = admin.transaction()
        await undone.start()
        await admin.execute("delete from directory.sessions where id = $1", tenant.owner.session)
        await undone.rollback()
        await feed.catch_up()
        assert tenant.owner.session not in heard.sessions


async def test_without_any_notification_it_is_told_within_half_a_second(
    database: TestDatabase, admin: asyncpg.Connection, tenant: Tenant
) -> None:
    async with feed_of(database) as (_, heard):
        await admin.execute("delete from directory.sessions where id = $1", tenant.owner.session)
        await becomes(True, lambda: _of(tenant.owner.session in heard.sessions), within=0.9)
        assert heard.cleared == 1


async def test_what_happened_while_the_connection_was_gone_is_told_after_it(
    database: TestDatabase, admin: asyncpg.Connection, tenant: Tenant
) -> None:
    async with feed_of(database) as (_, heard):
        await admin.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
            " and query ~ 'frontdesk_access|access_changes_since' and pid <> pg_backend_pid()"
        )
        await admin.execute("delete from directory.sessions where id = $1", tenant.owner.session)
        await becomes(True, lambda: _of(tenant.owner.session in heard.sessions), within=3)
        assert heard.cleared == 1


async def test_a_database_that_is_away_is_told_of_once() -> None:
    feed = AccessFeed("postgresql://frontdesk_app:x@127.0.0.1:1/frontdesk", Heard())
    with capture_logs() as logs:
        running = asyncio.create_task(feed.run())
        await feed.catch_up()
        running.cancel()
    assert [line["event"] for line in logs] == ["access_not_followed"]


async def test_whoever_was_away_too_long_forgets_everything(database: TestDatabase) -> None:
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    (first,) = await rows(database.app, SINCE, None, None)
    (soon,) = await rows(database.app, SINCE, first["snapshot"], first["at"])
    (late,) = await rows(database.app, SINCE, first["snapshot"], long_ago)
    assert (first["is_whole"], soon["is_whole"], late["is_whole"]) == (False, True, False)


async def test_old_lines_are_cleared_by_new_ones(
    database: TestDatabase, admin: asyncpg.Connection, tenant: Tenant
) -> None:
    old = new_id()
    await admin.execute(
        "insert into directory.access_changes (session, noted_at) values ($1, now() - interval '2 hours')", old
    )
    for person in tenant.people.values():
        await admin.execute("delete from directory.sessions where id = $1", person.session)
    kept = await admin.fetch("select session from directory.access_changes")
    assert old not in [row["session"] for row in kept]
    assert tenant.owner.session in [row["session"] for row in kept]


async def test_when_keys_were_used_is_noted_for_all_at_once(house: House, tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client:
        keys = [
            UUID((await client.post("/api-keys", json={"name": "K", "scopes": ["customers:read"]})).json()["id"])
            for _ in range(3)
        ]
        await PostgresKeyUses(await house.container.get(Database)).note(keys[:2])
        shown = {each["id"]: each["lastUsedAt"] for each in (await client.get("/api-keys")).json()["items"]}
    assert [shown[str(key)] is not None for key in keys] == [True, True, False]

"""What migrations say of a table closes it: nothing crosses tenants by its keys. Attacks C1 16, 17 and 35."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from domains.shared.ids import new_id
from infra.postgres.binding import begin
from infra.postgres.schema import close_to_other_tenants, run
from infra.postgres.url import asyncpg_url
from tests.security import matrix
from tests.security.catalogue import RULES
from tests.support.databases import Databases, TestDatabase


def _rooms(connection: Connection) -> None:
    with Operations.context(MigrationContext.configure(connection)):
        run(
            "create table houses (tenant_id uuid not null, id uuid not null, name text, primary key (tenant_id, id))",
            """
            create table rooms (
                tenant_id uuid not null, id uuid not null, house_id uuid not null, next_id uuid,
                primary key (tenant_id, id),
                foreign key (tenant_id, house_id) references houses on delete cascade,
                foreign key (tenant_id, next_id) references houses on delete set null (next_id)
            )
            """,
        )
        close_to_other_tenants("houses", app_may="select, insert, update, delete")
        close_to_other_tenants("rooms", app_may="select, insert, update, delete")


@pytest.fixture(scope="module")
async def with_rooms(databases: Databases) -> TestDatabase:
    database = await databases.new()
    engine = create_async_engine(asyncpg_url(database.owner))
    async with engine.begin() as connection:
        await connection.run_sync(_rooms)
    await engine.dispose()
    return database


@asynccontextmanager
async def bound(database: TestDatabase, tenant: UUID) -> AsyncIterator[asyncpg.Connection]:
    """The application, in a transaction of `tenant` that is committed."""
    connection = await asyncpg.connect(database.app)
    try:
        await begin(connection, tenant)
        yield connection
        await connection.execute("commit")
    finally:
        await connection.close()


async def house_of(database: TestDatabase, tenant: UUID, house: UUID) -> UUID:
    async with bound(database, tenant) as app:
        await app.execute("insert into houses values ($1, $2, 'a house')", tenant, house)
    return house


async def room_of(database: TestDatabase, tenant: UUID, house: UUID, *, next_to: UUID | None = None) -> UUID:
    room = new_id()
    async with bound(database, tenant) as app:
        await app.execute("insert into rooms values ($1, $2, $3, $4)", tenant, room, house, next_to)
    return room


async def test_a_new_table_is_under_every_rule(with_rooms: TestDatabase) -> None:
    inspector = await asyncpg.connect(with_rooms.admin)
    try:
        assert {name: found for name, rule in RULES.items() if (found := await rule.findings(inspector))} == {}
        assert {"public.houses", "public.rooms"} <= set(await matrix.tenant_tables(inspector))
        assert await matrix.breaches(inspector) == []
    finally:
        await inspector.close()


async def test_a_foreign_key_tells_nothing_of_anothers_rows(with_rooms: TestDatabase) -> None:
    a, b = new_id(), new_id()
    ours, theirs = await house_of(with_rooms, a, new_id()), await house_of(with_rooms, b, new_id())
    await room_of(with_rooms, a, ours)
    answers = []
    for house in (theirs, new_id()):
        with pytest.raises(asyncpg.PostgresError) as refused:
            await room_of(with_rooms, a, house)
        answers.append((refused.value.sqlstate, str(refused.value)))
    assert answers[0] == answers[1]


async def test_what_is_deleted_takes_none_of_anothers_rows_along(with_rooms: TestDatabase) -> None:
    a, b, same = new_id(), new_id(), new_id()
    await house_of(with_rooms, a, same)
    await house_of(with_rooms, b, same)
    other_of_a, other_of_b = [await house_of(with_rooms, tenant, new_id()) for tenant in (a, b)]
    await room_of(with_rooms, a, same)
    kept_by_a = await room_of(with_rooms, a, other_of_a, next_to=same)
    of_b = {await room_of(with_rooms, b, same), await room_of(with_rooms, b, other_of_b, next_to=same)}
    async with bound(with_rooms, a) as app:
        assert await app.execute("delete from houses where id = $1", same) == "DELETE 1"
    async with bound(with_rooms, a) as app:
        left = await app.fetch("select id, next_id from rooms where tenant_id = $1", a)
        assert [tuple(row) for row in left] == [(kept_by_a, None)]
    async with bound(with_rooms, b) as app:
        left = await app.fetch("select id, house_id, next_id from rooms")
        assert {row["id"] for row in left} == of_b
        assert sorted(row["next_id"] == same or row["house_id"] == same for row in left) == [True, True]

"""The tenant ends with its transaction, however that ends. Attack C1 24: a pool of one, then nobody's query."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import nullcontext
from uuid import UUID

import asyncpg
import pytest

from domains.shared.errors import Unavailable
from domains.shared.ids import new_id
from infra.postgres.binding import CommitFailed, begin, commit
from infra.postgres.database import Database
from infra.postgres.recording import Origin
from infra.postgres.work import PostgresWork
from tests.infra.postgres.slow_line import Line, line_to
from tests.security.two_tenants import TwoTenants, two_tenants
from tests.support.databases import TestDatabase
from tests.support.soon import in_time
from tests.support.work import CLOCK

pytestmark = pytest.mark.breaks_invariants("tenants that nobody founded: the binding asks no directory")

COUNT = "select count(*) from customers"
ENVELOPE = "insert into work.envelopes (tenant_id, id, kind, subject_id, due_at) values ($1, $2, $3, $4, now())"
EVENT = """
    insert into events (tenant_id, id, type, version, subject_id, subject_version, occurred_at, data)
    select {tenant}, $2, 'a', 1, $2, 1, now(), '{{}}' where $1::uuid is not null
"""
SLEEP = f"{EVENT.format(tenant='$1::uuid')} and pg_sleep(10) is not null"
Inside = Callable[[PostgresWork], Awaitable[None]]


class Refusal(Exception):
    """What a use case raises."""


@pytest.fixture(scope="module")
async def tenants(database: TestDatabase) -> TwoTenants:
    return await two_tenants(database)


@pytest.fixture
async def pool(database: TestDatabase) -> AsyncIterator[Database]:
    """A pool of one connection."""
    pool = Database(database.app, size=1)
    yield pool
    await pool.close()


def work_of(pool: Database, tenant: UUID | None) -> PostgresWork:
    return PostgresWork(pool, tenant, Origin(), {}, CLOCK)


async def must_see_nothing(pool: Database) -> None:
    """The next one to use the pool's only connection is bound to nothing, inside and outside of a transaction."""
    async with in_time(10):
        while True:
            try:
                async with pool.connection() as driver:
                    assert not driver.is_in_transaction()
                    assert not await driver.fetchval("select current_setting('app.tenant_id', true)")
                    assert await driver.fetchval(COUNT) == 0
                async with work_of(pool, None) as work:
                    assert not await work.connection.fetchval("select current_setting('app.tenant_id', true)")
                    assert await work.connection.fetchval(COUNT) == 0
            except Unavailable:
                await asyncio.sleep(0.02)
            else:
                return


async def test_the_bound_tenants_rows_are_seen_and_no_others(pool: Database, tenants: TwoTenants) -> None:
    for side in (tenants.a, tenants.b, tenants.a):
        async with work_of(pool, side.tenant) as work:
            assert await work.connection.fetchval("select array_agg(id) from customers") == [side.customer]
    await must_see_nothing(pool)


async def _nothing_special(work: PostgresWork) -> None:
    assert await work.connection.fetchval(COUNT) == 1


async def _a_refusal(work: PostgresWork) -> None:
    assert await work.connection.fetchval(COUNT) == 1
    raise Refusal


async def _an_error_in_sql(work: PostgresWork) -> None:
    await work.connection.fetch("select 1 / 0")


async def _an_error_in_the_driver(work: PostgresWork) -> None:
    await work.connection.fetch("select from customers where id = $1", 7)


async def _the_statement_timeout(work: PostgresWork) -> None:
    await work.connection.execute("set local statement_timeout = '30ms'")
    await work.connection.execute("select pg_sleep(10)")


async def _a_savepoint(work: PostgresWork) -> None:
    await work.connection.execute("savepoint before")
    with pytest.raises(asyncpg.DivisionByZeroError):
        await work.connection.execute("set local app.tenant_id = ''; select 1 / 0")
    await work.connection.execute("rollback to before")
    assert await work.connection.fetchval(COUNT) == 1


async def _a_lost_connection(work: PostgresWork) -> None:
    await work.connection.execute("select pg_terminate_backend(pg_backend_pid())")


async def _a_swallowed_error(work: PostgresWork) -> None:
    await work.connection.execute("update customers set notes = 'lost'")
    with pytest.raises(asyncpg.DivisionByZeroError):
        await work.connection.fetch("select 1 / 0")


async def _a_transaction_of_its_own(work: PostgresWork) -> None:
    await work.connection.execute("rollback and chain")
    await _a_swallowed_error(work)


async def _a_listener(work: PostgresWork) -> None:
    await work.connection.execute("listen hello")


@pytest.mark.parametrize(
    ("what", "comes_of_it"),
    [
        (_nothing_special, None),
        (_a_refusal, Refusal),
        (_an_error_in_sql, asyncpg.DivisionByZeroError),
        (_an_error_in_the_driver, asyncpg.DataError),
        (_the_statement_timeout, Unavailable),
        (_a_savepoint, None),
        (_a_lost_connection, Unavailable),
        (_a_swallowed_error, CommitFailed),
        (_a_transaction_of_its_own, CommitFailed),
        (_a_listener, None),
    ],
)
async def test_the_tenant_ends_with_its_transaction(
    pool: Database, tenants: TwoTenants, what: Inside, comes_of_it: type[Exception] | None
) -> None:
    with pytest.raises(comes_of_it) if comes_of_it else nullcontext():
        await _visit(work_of(pool, tenants.a.tenant), what)
    await must_see_nothing(pool)
    assert await tenants.inspect("select count(*) from customers where notes = 'lost'") == 0


async def _a_long_query(work: PostgresWork) -> None:
    await work.connection.execute("select pg_sleep(10)")


async def _a_long_thought(work: PostgresWork) -> None:
    await work.connection.fetchval(COUNT)
    await asyncio.Event().wait()


@pytest.mark.parametrize("what", [_a_long_query, _a_long_thought])
async def test_the_tenant_ends_when_its_task_is_cancelled(pool: Database, tenants: TwoTenants, what: Inside) -> None:
    entered = asyncio.Event()

    async def inside(work: PostgresWork) -> None:
        entered.set()
        await what(work)

    await _cancel_when(entered, _visit(work_of(pool, tenants.a.tenant), inside))
    await must_see_nothing(pool)


@pytest.mark.parametrize("moment", ["begin", "commit", "rollback"])
async def test_the_tenant_ends_when_the_answer_of_the_server_is_not_awaited(
    database: TestDatabase, tenants: TwoTenants, moment: str
) -> None:
    async with line_to(database.app) as (line, near):
        pool = Database(near, size=1)
        await must_see_nothing(pool)
        await _cancel_when(line.held_back, _held_up(line, work_of(pool, tenants.a.tenant), moment))
        line.release()
        await must_see_nothing(pool)
        await pool.close()


@pytest.mark.parametrize("moment", ["begin", "commit", "rollback"])
async def test_a_line_that_is_cut_makes_it_unavailable(
    database: TestDatabase, tenants: TwoTenants, moment: str
) -> None:
    async with line_to(database.app) as (line, near):
        pool = Database(near, size=1)
        await must_see_nothing(pool)
        visit = asyncio.create_task(_held_up(line, work_of(pool, tenants.a.tenant), moment))
        await line.held_back.wait()
        line.cut()
        with pytest.raises(Unavailable):
            await visit
        line.release()
        await must_see_nothing(pool)
        await pool.close()


async def test_a_statement_of_its_own_binds_itself_and_nothing_else(pool: Database, tenants: TwoTenants) -> None:
    for side in (tenants.a, tenants.b, tenants.a):
        found = await work_of(pool, side.tenant).reading.fetchval("select array_agg(id) from customers")
        assert found == [side.customer]
        await must_see_nothing(pool)
        async with work_of(pool, side.tenant) as work:
            work.put(ENVELOPE, new_id(), "kind", side.customer)
        await must_see_nothing(pool)
    of = "select array_agg(subject_id order by subject_id) from work.envelopes where tenant_id = "
    for side, times in ((tenants.a, 2), (tenants.b, 1)):
        assert await tenants.inspect(f"{of}'{side.tenant}'") == [side.customer] * times


@pytest.mark.parametrize("others", [False, True])
async def test_writes_for_another_tenant_are_refused(pool: Database, tenants: TwoTenants, others: bool) -> None:
    tenant = f"'{tenants.b.tenant}'::uuid" if others else "$1::uuid"
    with pytest.raises(asyncpg.InsufficientPrivilegeError) if others else nullcontext():
        async with work_of(pool, tenants.a.tenant) as work:
            work.put(EVENT.format(tenant=tenant), new_id())
    await must_see_nothing(pool)


async def _writing(work: PostgresWork, entered: asyncio.Event) -> None:
    async with work:
        work.put(SLEEP, new_id())
        entered.set()


async def _reading(work: PostgresWork, entered: asyncio.Event) -> None:
    entered.set()
    await work.reading.fetch("select pg_sleep(10)")


@pytest.mark.parametrize("what", [_writing, _reading])
async def test_a_statement_of_its_own_ends_with_its_task(
    pool: Database, tenants: TwoTenants, what: Callable[[PostgresWork, asyncio.Event], Awaitable[None]]
) -> None:
    """So does its connection: what the server still does on it, nobody waits for."""
    entered, before = asyncio.Event(), await _backend(pool)

    async def ask() -> None:
        await what(work_of(pool, tenants.a.tenant), entered)

    await _cancel_when(entered, ask())
    await must_see_nothing(pool)
    assert await _backend(pool) != before


async def _backend(pool: Database) -> int:
    async with pool.connection() as connection:
        return int(await connection.fetchval("select pg_backend_pid()"))


async def test_a_commit_that_is_answered_by_a_rollback_raises(database: TestDatabase, tenants: TwoTenants) -> None:
    connection = await asyncpg.connect(database.app)
    try:
        await begin(connection, tenants.a.tenant)
        await connection.execute("update customers set notes = 'lost'")
        with pytest.raises(asyncpg.DivisionByZeroError):
            await connection.execute("select 1 / 0")
        with pytest.raises(CommitFailed):
            await commit(connection)
    finally:
        await connection.close()
    assert await tenants.inspect("select count(*) from customers where notes = 'lost'") == 0


async def test_the_tenant_is_bound_in_begins_own_round_trip(database: TestDatabase) -> None:
    asked: list[str] = []
    connection, tenant = await asyncpg.connect(database.app), new_id()
    try:
        with connection.query_logger(lambda logged: asked.append(logged.query)):
            await begin(connection, tenant)
            await connection.fetchval("select 1")
        assert asked[0] == f"BEGIN; SET LOCAL app.tenant_id = '{tenant}'"
        assert await connection.fetchval("select current_setting('app.tenant_id')") == str(tenant)
    finally:
        await connection.close()


async def _held_up(line: Line, work: PostgresWork, moment: str) -> None:
    """Meet a line that is held up at `moment`; a `rollback` is what a refusal causes."""
    if moment == "begin":
        line.hold()

    async def inside(work: PostgresWork) -> None:
        await work.connection.fetchval(COUNT)
        line.hold()
        if moment == "rollback":
            raise Refusal

    await _visit(work, inside)


async def _visit(work: PostgresWork, inside: Inside) -> None:
    async with work:
        await inside(work)


async def _cancel_when(met: asyncio.Event, visit: Awaitable[None]) -> None:
    task = asyncio.ensure_future(visit)
    async with in_time(10):
        await met.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

"""The pool is shared fairly: a tenant holds a third, nobody waits longer than a second, and it recovers."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from uuid import UUID

import pytest

from domains.shared.errors import Unavailable
from domains.shared.ids import new_id
from infra.postgres.database import Database
from tests.infra.postgres.slow_line import Line, line_to
from tests.support.databases import TestDatabase
from tests.support.soon import in_time

SIZE = 6
SHARE = 2
OPEN = 5
PATIENCE = 1.0
SOON = 3.0
CONNECT = 3.0


@pytest.fixture
async def pool(database: TestDatabase) -> AsyncIterator[Database]:
    pool = Database(database.app, size=SIZE)
    yield pool
    await pool.close()


async def refusal_after(pool: Database, tenant: UUID | None) -> float:
    """Seconds until a connection is refused."""
    started = time.monotonic()
    with pytest.raises(Unavailable):
        await pool.connection(tenant).__aenter__()
    return time.monotonic() - started


async def test_a_tenant_holds_a_third_of_the_pool(pool: Database) -> None:
    greedy = new_id()
    async with AsyncExitStack() as held:
        for _ in range(SHARE):
            await held.enter_async_context(pool.connection(greedy))
        assert PATIENCE * 0.9 < await refusal_after(pool, greedy) < PATIENCE + SOON
        for tenant in (new_id(), new_id(), None, None):
            await held.enter_async_context(pool.connection(tenant))
    async with pool.connection(greedy) as connection:
        assert await connection.fetchval("select 1") == 1


async def test_when_all_is_taken_it_is_unavailable_within_a_second_and_recovers(pool: Database) -> None:
    async with AsyncExitStack() as held:
        for _ in range(SIZE):
            await held.enter_async_context(pool.connection())
        assert PATIENCE * 0.9 < await refusal_after(pool, None) < PATIENCE + SOON
        assert PATIENCE * 0.9 < await refusal_after(pool, new_id()) < PATIENCE + SOON
    started = time.monotonic()
    async with AsyncExitStack() as held:
        for _ in range(SIZE):
            await held.enter_async_context(pool.connection())
    assert time.monotonic() - started < SOON


async def test_a_waiter_gets_what_is_given_back(pool: Database) -> None:
    tenant = new_id()
    async with AsyncExitStack() as held:
        for _ in range(SHARE):
            await held.enter_async_context(pool.connection(tenant))
        waiter = asyncio.create_task(_take_one(pool, tenant))
        await asyncio.wait({waiter}, timeout=0.05)
        assert not waiter.done()
    assert await asyncio.wait_for(waiter, SOON) == 1


async def test_one_who_gives_up_waiting_takes_nothing_along(pool: Database) -> None:
    tenant = new_id()
    async with AsyncExitStack() as held:
        for _ in range(SHARE):
            await held.enter_async_context(pool.connection(tenant))
        for waiter in [asyncio.create_task(_take_one(pool, tenant)) for _ in range(20)]:
            await asyncio.wait({waiter}, timeout=0.01)
            waiter.cancel()
    assert await asyncio.gather(*(_take_one(pool, tenant) for _ in range(SHARE * 3))) == [1] * SHARE * 3


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    pool = Database("postgresql://frontdesk_app:wrong@127.0.0.1:1/none", size=1)
    await pool.open()
    assert await refusal_after(pool, new_id()) < PATIENCE + SOON
    await pool.close()


async def test_a_server_that_does_not_answer_is_unavailable_too() -> None:
    silent = await asyncio.start_server(_say_nothing, "127.0.0.1", 0)
    pool = Database(f"postgresql://app:wrong@127.0.0.1:{silent.sockets[0].getsockname()[1]}/none", size=1)
    assert await refusal_after(pool, None) < CONNECT + SOON
    await pool.close()
    silent.close()


async def _say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    writer.close()


async def test_some_are_open_before_anybody_asks(database: TestDatabase) -> None:
    async with line_to(database.app) as (line, near):
        pool = Database(near, size=SIZE)
        await pool.open()
        line.close()
        async with AsyncExitStack() as held:
            for _ in range(OPEN):
                await held.enter_async_context(pool.connection())
            assert await refusal_after(pool, None) < SOON
        await pool.close()


async def test_a_connection_that_broke_while_it_was_idle_is_replaced_unnoticed(database: TestDatabase) -> None:
    async with line_to(database.app) as (line, near):
        pool = Database(near, size=1)
        await _break_while_idle(pool, line)
        assert [await _take_one(pool, None) for _ in range(2)] == [1, 1]
        await pool.close()


async def test_one_that_cannot_be_replaced_takes_no_place_along(database: TestDatabase) -> None:
    async with line_to(database.app) as (line, near):
        pool = Database(near, size=1)
        await _break_while_idle(pool, line)
        line.hold()
        impatient = asyncio.create_task(_take_one(pool, None))
        await asyncio.wait({impatient}, timeout=0.1)
        impatient.cancel()
        assert await refusal_after(pool, None) < CONNECT + SOON
        line.release()
        assert [await _take_one(pool, None) for _ in range(2)] == [1, 1]
        await pool.close()


async def _break_while_idle(pool: Database, line: Line) -> None:
    async with pool.connection() as connection:
        ended = asyncio.Event()
        connection.add_termination_listener(lambda _: ended.set())
    line.cut()
    async with in_time(5):
        await ended.wait()


async def _take_one(pool: Database, tenant: UUID | None) -> int:
    async with pool.connection(tenant) as connection:
        return int(await connection.fetchval("select 1"))


async def test_a_password_that_is_refused_is_unavailable(own_database: TestDatabase) -> None:
    refused = Database(own_database.app.replace(":app-of-tests@", ":another@"), size=1)
    with pytest.raises(Unavailable):
        await _ask(refused)
    await refused.close()


async def _ask(pool: Database) -> None:
    async with pool.connection() as connection:
        await connection.fetchval("select 1")

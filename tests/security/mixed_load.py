"""Attack C1 25: many clients of two tenants over a small pool, each row bearing its tenant's stamp."""

import asyncio
from collections.abc import AsyncIterator
from itertools import count
from uuid import UUID

import asyncpg
import msgspec

from domains.shared.errors import Unavailable
from domains.shared.events import Event
from infra.postgres.database import Database
from infra.postgres.recording import Origin
from infra.postgres.work import PostgresWork
from tests.security.two_tenants import Side, TwoTenants
from tests.support.work import CLOCK

CLIENTS = 64
POOL = 4
_STAMPS = """
    select tenant_id from customers union all select tenant_id from events
    union all select current_setting('app.tenant_id')::uuid
"""
_SUBSCRIPTIONS = {"stamp.made": ("nobody",)}


class Stamped(Event, frozen=True):
    """Something has happened in a tenant."""

    type = "stamp.made"


class Tally(msgspec.Struct):
    """What the clients met. `foreign` are rows of the other tenant: there must be none."""

    committed: int = 0
    undone: int = 0
    unavailable: int = 0
    rows: int = 0
    foreign: int = 0


class _Undo(Exception):
    """A use case that refuses."""


async def mixed_load(tenants: TwoTenants, *, transactions: int) -> Tally:
    """Run at least that many transactions: reads, inserts, refusals, SQL errors and cancelled ones."""
    pool, tally, numbers = Database(tenants.database.app, size=POOL), Tally(), count()
    try:
        async with asyncio.TaskGroup() as clients:
            for client in range(CLIENTS):
                side = (tenants.a, tenants.b)[client % 2]
                clients.create_task(_client(pool, side, tally, _until(numbers, transactions)))
    finally:
        await pool.close()
    return tally


async def _until(numbers: "count[int]", most: int) -> AsyncIterator[int]:
    while (number := next(numbers)) < most:
        yield number


async def _client(pool: Database, side: Side, tally: Tally, numbers: AsyncIterator[int]) -> None:
    async for number in numbers:
        work = PostgresWork(pool, side.tenant, Origin(), _SUBSCRIPTIONS, CLOCK)
        try:
            if number % 97 == 0:
                async with asyncio.timeout(0.002):
                    await _transaction(work, side.tenant, tally, number)
            else:
                await _transaction(work, side.tenant, tally, number)
        except Unavailable:
            tally.unavailable += 1
        except (_Undo, asyncpg.DivisionByZeroError, TimeoutError):
            tally.undone += 1
        else:
            tally.committed += 1


async def _transaction(work: PostgresWork, tenant: UUID, tally: Tally, number: int) -> None:
    async with work:
        stamps = [row[0] for row in await work.connection.fetch(_STAMPS)]
        tally.rows += len(stamps)
        tally.foreign += sum(stamp != tenant for stamp in stamps)
        if number % 50 == 0:
            work.record(Stamped(subject=tenant))
        if number % 13 == 0:
            raise _Undo
        if number % 17 == 0:
            await work.connection.execute("select 1 / 0")

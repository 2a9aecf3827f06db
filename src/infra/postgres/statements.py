"""Statements as adapters send them: inside a unit of work, or each bound to the tenant by itself."""

import time
from collections.abc import Awaitable, Callable
from typing import Any, Protocol
from uuid import UUID

import asyncpg

from infra.postgres.binding import bound_reading
from infra.postgres.database import Database
from infra.postgres.failures import passing
from infra.postgres.watching import Outcome


class Reading(Protocol):
    """What can be asked of one tenant's rows."""

    async def fetch(self, query: str, *values: Any) -> list[asyncpg.Record]: ...

    async def fetchrow(self, query: str, *values: Any) -> asyncpg.Record | None: ...

    async def fetchval(self, query: str, *values: Any) -> Any: ...


class Statements:
    """Those of a unit of work. `ready` gives the driver's connection when the transaction is under way."""

    def __init__(self, ready: Callable[[], Awaitable[asyncpg.Connection]]) -> None:
        self._ready = ready

    async def execute(self, query: str, *values: Any) -> str:
        return await (await self._ready()).execute(query, *values)

    async def fetch(self, query: str, *values: Any) -> list[asyncpg.Record]:
        return await (await self._ready()).fetch(query, *values)

    async def fetchrow(self, query: str, *values: Any) -> asyncpg.Record | None:
        return await (await self._ready()).fetchrow(query, *values)

    async def fetchval(self, query: str, *values: Any) -> Any:
        return await (await self._ready()).fetchval(query, *values)


class BoundReading:
    """Selects that are a transaction each, and one round trip: for what needs no lock, and no second look."""

    def __init__(self, database: Database, tenant: UUID) -> None:
        self._database = database
        self._tenant = tenant

    async def fetch(self, query: str, *values: Any) -> list[asyncpg.Record]:
        lease = await self._database.lease(self._tenant)
        outcome, began = Outcome.ROLLED_BACK, time.perf_counter()
        try:
            found = await lease.connection.fetch(bound_reading(query, len(values)), *values, str(self._tenant))
            outcome = Outcome.COMMITTED
        except Exception as error:
            if meant := passing(error):
                raise meant from error
            raise
        except BaseException:
            lease.connection.terminate()
            raise
        finally:
            self._database.ended(outcome, time.perf_counter() - began)
            lease.end()
        return found

    async def fetchrow(self, query: str, *values: Any) -> asyncpg.Record | None:
        rows = await self.fetch(query, *values)
        return rows[0] if rows else None

    async def fetchval(self, query: str, *values: Any) -> Any:
        row = await self.fetchrow(query, *values)
        return None if row is None else row[0]

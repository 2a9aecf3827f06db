"""The transaction of a unit of work: one of its own, or a part of a batch's."""

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Protocol, Self
from uuid import UUID

import asyncpg
import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from domains.shared.envelopes import Envelope
from infra.postgres.binding import begin, commit, roll_back
from infra.postgres.database import Database, driver_of
from infra.postgres.watching import Outcome


class Afterwards(msgspec.Struct, frozen=True):
    """What has to follow a commit: envelopes, which are stored, and a word to those who sleep."""

    envelopes: Sequence[Envelope] = ()
    tell: Callable[[], None] | None = None


class Transaction(Protocol):
    """Begun, then committed or rolled back, and ended whatever became of it."""

    connection: AsyncConnection
    driver: asyncpg.Connection

    async def begin(self) -> None: ...

    async def commit(self, then: Afterwards) -> None: ...

    async def roll_back(self) -> None: ...

    async def end(self) -> None: ...


class OwnTransaction:
    """A transaction bound to one tenant, on a connection that it has for as long as it lasts."""

    connection: AsyncConnection
    driver: asyncpg.Connection

    def __init__(self, database: Database, tenant: UUID | None) -> None:
        self._database = database
        self._tenant = tenant
        self._held = AsyncExitStack()
        self._outcome = Outcome.ROLLED_BACK
        self._began = time.perf_counter()

    @asynccontextmanager
    async def under_way(self) -> AsyncIterator[Self]:
        """Whoever enters commits; what was not committed is undone."""
        try:
            await self.begin()
            try:
                yield self
            finally:
                if not self.driver.is_closed():
                    await self.roll_back()
        finally:
            await self.end()

    async def begin(self) -> None:
        self.connection = await self._held.enter_async_context(self._database.connection(self._tenant))
        self.driver = await driver_of(self.connection)
        await begin(self.driver, self._tenant)

    async def commit(self, then: Afterwards) -> None:
        self._outcome = Outcome.COMMIT_FAILED
        await commit(self.driver)
        self._outcome = Outcome.COMMITTED
        if then.tell:
            then.tell()

    async def roll_back(self) -> None:
        await roll_back(self.driver)

    async def end(self) -> None:
        self._database.ended(self._outcome, time.perf_counter() - self._began)
        await self._held.aclose()

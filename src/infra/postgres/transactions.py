"""The transaction of a unit of work: one of its own, or a part of a batch's."""

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Protocol, Self
from uuid import UUID

import asyncpg
import msgspec

from domains.shared.envelopes import Envelope
from domains.shared.errors import DomainError
from infra.postgres.binding import begin, commit, roll_back
from infra.postgres.database import Database, Lease
from infra.postgres.failures import OutcomeUnknown, is_lost
from infra.postgres.watching import Outcome
from infra.postgres.writes import MOST, Write, carry_out


class Afterwards(msgspec.Struct, frozen=True):
    """What has to follow a commit: envelopes, which are stored, and a word to those who sleep."""

    envelopes: Sequence[Envelope] = ()
    tell: Callable[[], None] | None = None


class Transaction(Protocol):
    """Begun, then committed or rolled back, and ended whatever became of it."""

    driver: asyncpg.Connection
    has_begun: bool

    async def begin(self) -> None: ...

    async def commit(self, then: Afterwards, writes: Sequence[Write] = ()) -> None:
        """Do `writes` as well, and commit. Where nothing was begun, they may be all there is."""
        ...

    async def roll_back(self) -> None: ...

    async def end(self) -> None: ...


class OwnTransaction:
    """A transaction bound to one tenant, on a connection that it has from its first statement on."""

    driver: asyncpg.Connection

    def __init__(self, database: Database, tenant: UUID | None) -> None:
        self._database = database
        self._tenant = tenant
        self._lease: Lease | None = None
        self._outcome = Outcome.ROLLED_BACK
        self._began = 0.0
        self.has_begun = False

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
        await self._connect()
        await begin(self.driver, self._tenant)
        self.has_begun = True

    async def commit(self, then: Afterwards, writes: Sequence[Write] = ()) -> None:
        if self._tenant is not None and writes:
            await self._write(self._tenant, writes)
        if self.has_begun:
            self._outcome = Outcome.COMMIT_FAILED
            await commit(self.driver)
        self._outcome = Outcome.COMMITTED
        if then.tell:
            then.tell()

    async def roll_back(self) -> None:
        if self.has_begun:
            await roll_back(self.driver)

    async def end(self) -> None:
        if self._lease:
            self._database.ended(self._outcome, time.perf_counter() - self._began)
            self._lease.end()

    async def _connect(self) -> None:
        self._began = time.perf_counter()
        self._lease = await self._database.lease(self._tenant)
        self.driver = self._lease.connection

    async def _write(self, tenant: UUID, writes: Sequence[Write]) -> None:
        if len(writes) > MOST and not self.has_begun:
            await self.begin()
        if not self.has_begun:
            await self._write_alone(tenant, writes)
            return
        try:
            await carry_out(self.driver, tenant, writes)
        except DomainError:
            await self.roll_back()
            raise

    async def _write_alone(self, tenant: UUID, writes: Sequence[Write]) -> None:
        """A single statement is a transaction: its answer comes after the commit, or instead of it."""
        await self._connect()
        self._outcome = Outcome.COMMIT_FAILED
        try:
            await carry_out(self.driver, tenant, writes)
        except Exception as error:
            if is_lost(error):
                raise OutcomeUnknown from error
            raise
        except BaseException:
            self.driver.terminate()
            raise

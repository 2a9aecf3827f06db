"""Connections to one database, shared fairly among tenants."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from uuid import UUID
from weakref import WeakValueDictionary

import asyncpg

from domains.shared.errors import Unavailable
from infra.postgres.connections import PATIENCE, Connections, acquire
from infra.postgres.watching import DatabaseWatch, Outcome

_OPENED_AT_START = 5


class Lease:
    """A connection, for as long as somebody has it."""

    __slots__ = ("_database", "_share", "connection")

    def __init__(self, database: "Database", share: asyncio.Semaphore, connection: asyncpg.Connection) -> None:
        self._database = database
        self._share = share
        self.connection = connection

    def end(self) -> None:
        """Give it back."""
        self._database.take_back(self.connection, self._share)


class Database:
    """A pool of `size` connections. A tenant holds at most a third of it; nobody waits for more than `patience`."""

    def __init__(
        self, url: str, *, size: int, patience: float = PATIENCE, watches: Sequence[DatabaseWatch] = ()
    ) -> None:
        self._connections = Connections(url, size=size, patience=patience)
        self._patience = patience
        self.size = size
        self.in_use = 0
        self._watches = watches
        self._share = max(1, size // 3)
        self._shares: WeakValueDictionary[UUID, asyncio.Semaphore] = WeakValueDictionary()

    async def open(self) -> None:
        """Connect before the first requests, which would have to wait for it."""
        await self._connections.open(min(self.size, _OPENED_AT_START))

    async def lease(self, tenant: UUID | None) -> Lease:
        """A connection, to be given back by `end`. Raises `Unavailable` where none comes free in time."""
        began = time.perf_counter()
        share = self._share_of(tenant)
        try:
            await acquire(share, within=self._patience, otherwise="This tenant has too many requests under way.")
            try:
                connection = await self._connections.take()
            except BaseException:
                share.release()
                raise
        except Unavailable:
            for watch in self._watches:
                watch.refused()
            raise
        self.in_use += 1
        waited = time.perf_counter() - began
        for watch in self._watches:
            watch.waited(waited)
        return Lease(self, share, connection)

    def take_back(self, connection: asyncpg.Connection, share: asyncio.Semaphore) -> None:
        """For leases that end."""
        self.in_use -= 1
        self._connections.give_back(connection)
        share.release()

    @asynccontextmanager
    async def connection(self, tenant: UUID | None = None) -> AsyncIterator[asyncpg.Connection]:
        """A connection for a short while, as by `lease`. It ends where its user is cancelled."""
        lease = await self.lease(tenant)
        try:
            yield lease.connection
        except asyncio.CancelledError:
            lease.connection.terminate()
            raise
        finally:
            lease.end()

    def ended(self, outcome: Outcome, seconds: float) -> None:
        """Tell those who watch of a transaction that has ended."""
        for watch in self._watches:
            watch.ended(outcome, seconds)

    def happened(self, event_types: Iterable[str]) -> None:
        """Tell those who watch which events were stored."""
        for event_type in event_types:
            for watch in self._watches:
                watch.happened(event_type)

    async def close(self) -> None:
        await self._connections.close()

    def _share_of(self, tenant: UUID | None) -> asyncio.Semaphore:
        if tenant is None:
            return asyncio.Semaphore(1)
        share = self._shares.get(tenant)
        if share is None:
            share = self._shares[tenant] = asyncio.Semaphore(self._share)
        return share

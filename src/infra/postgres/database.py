"""Connections to one database, shared fairly among tenants."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID
from weakref import WeakValueDictionary

import asyncpg
import msgspec
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from domains.shared.errors import Unavailable
from infra.postgres.url import asyncpg_url, statements_of
from infra.postgres.watching import DatabaseWatch, Outcome

_PATIENCE = 1.0
_CONNECT_SECONDS = 3.0


class Database:
    """A pool of `size` connections. A tenant holds at most a third of it; nobody waits longer than a second for one.

    SQLAlchemy is told AUTOCOMMIT: it starts no transaction of its own, `infra.postgres.binding` does. It has the driver
    take JSON as text, and give it back decoded.
    """

    def __init__(self, url: str, *, size: int, watches: Sequence[DatabaseWatch] = ()) -> None:
        self._engine = create_async_engine(
            asyncpg_url(url),
            isolation_level="AUTOCOMMIT",
            connect_args={"timeout": _CONNECT_SECONDS, **statements_of(url)},
            pool_size=size,
            max_overflow=0,
            pool_timeout=_PATIENCE,
            pool_reset_on_return=None,
            hide_parameters=True,
            json_deserializer=msgspec.json.decode,
        )
        self.size = size
        self.in_use = 0
        self._watches = watches
        self._share = max(1, size // 3)
        self._shares: WeakValueDictionary[UUID, asyncio.Semaphore] = WeakValueDictionary()

    @asynccontextmanager
    async def connection(self, tenant: UUID | None = None) -> AsyncIterator[AsyncConnection]:
        """A connection for a short while. Raises `Unavailable` after a second without one."""
        share = self._share_of(tenant)
        connection = await self._obtained(share)
        self.in_use += 1
        try:
            try:
                yield connection
            finally:
                await _give_back(connection)
        finally:
            self.in_use -= 1
            share.release()

    def ended(self, outcome: Outcome, seconds: float) -> None:
        """Tell those who watch of a transaction that has ended."""
        for watch in self._watches:
            watch.ended(outcome, seconds)

    async def close(self) -> None:
        await self._engine.dispose()

    async def _obtained(self, share: asyncio.Semaphore) -> AsyncConnection:
        began = time.perf_counter()
        try:
            await _acquire(share)
            try:
                connection = await self._connect()
            except BaseException:
                share.release()
                raise
        except Unavailable:
            for watch in self._watches:
                watch.refused()
            raise
        for watch in self._watches:
            watch.waited(time.perf_counter() - began)
        return connection

    def _share_of(self, tenant: UUID | None) -> asyncio.Semaphore:
        if tenant is None:
            return asyncio.Semaphore(1)
        share = self._shares.get(tenant)
        if share is None:
            share = self._shares[tenant] = asyncio.Semaphore(self._share)
        return share

    async def _connect(self) -> AsyncConnection:
        try:
            connection = await self._engine.connect()
            if (await driver_of(connection)).is_closed():
                await connection.invalidate()
                await driver_of(connection)
        except PoolTimeout:
            raise Unavailable("All database connections are in use.") from None
        except (OSError, DBAPIError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise Unavailable("The database cannot be reached.") from error
        return connection


async def driver_of(connection: AsyncConnection) -> asyncpg.Connection:
    """The driver's own connection, for statements that need no more than it."""
    raw = await connection.get_raw_connection()
    driver = raw.driver_connection
    if not isinstance(driver, asyncpg.Connection):
        raise TypeError(type(driver))
    return driver


async def _acquire(share: asyncio.Semaphore) -> None:
    try:
        async with asyncio.timeout(_PATIENCE):
            await share.acquire()
    except TimeoutError:
        raise Unavailable("This tenant has too many requests under way.") from None


async def _give_back(connection: AsyncConnection) -> None:
    """Return a connection that is clean; close one that is still inside a transaction or was cut off."""
    driver = await driver_of(connection)
    if driver.is_closed() or driver.is_in_transaction():
        driver.terminate()
        await connection.invalidate()
    await connection.close()

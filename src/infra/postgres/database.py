"""Connections to one database, shared fairly among tenants."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID
from weakref import WeakValueDictionary

import asyncpg
import msgspec
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from domains.shared.errors import Unavailable
from infra.postgres.url import asyncpg_url

_PATIENCE = 1.0
_CONNECT_SECONDS = 3.0


class Database:
    """A pool of `size` connections. A tenant holds at most a third of it; nobody waits longer than a second for one.

    SQLAlchemy is told AUTOCOMMIT: it starts no transaction of its own, `infra.postgres.binding` does. It has the driver
    take JSON as text, and give it back decoded.
    """

    def __init__(self, url: str, *, size: int) -> None:
        self._engine = create_async_engine(
            asyncpg_url(url),
            isolation_level="AUTOCOMMIT",
            connect_args={"timeout": _CONNECT_SECONDS},
            pool_size=size,
            max_overflow=0,
            pool_timeout=_PATIENCE,
            pool_reset_on_return=None,
            json_deserializer=msgspec.json.decode,
        )
        self._share = max(1, size // 3)
        self._shares: WeakValueDictionary[UUID, asyncio.Semaphore] = WeakValueDictionary()

    @asynccontextmanager
    async def connection(self, tenant: UUID | None = None) -> AsyncIterator[AsyncConnection]:
        """A connection for a short while. Raises `Unavailable` after a second without one."""
        share = self._share_of(tenant)
        await _acquire(share)
        try:
            connection = await self._connect()
            try:
                yield connection
            finally:
                await _give_back(connection)
        finally:
            share.release()

    async def close(self) -> None:
        await self._engine.dispose()

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
        except (OSError, asyncpg.PostgresError) as error:
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

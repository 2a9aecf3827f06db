"""A few connections to one database, handed to whoever has waited longest."""

import asyncio

import asyncpg
import msgspec

from domains.shared.errors import Unavailable
from infra.postgres.url import driver_url, keeps_statements

PATIENCE = 1.0
_CONNECT_SECONDS = 3.0
_STATEMENTS_KEPT = 100


class Connections:
    """Up to `size`, opened as they are needed; the one used last is used first. They take JSON as text, and decode it.

    Nobody waits longer than `patience` seconds for one.

    SQLAlchemy's own pool lets later callers overtake, and costs a request a fifth of a millisecond.
    """

    def __init__(self, url: str, *, size: int, patience: float = PATIENCE) -> None:
        self._url = driver_url(url)
        self._statements_kept = _STATEMENTS_KEPT if keeps_statements(url) else 0
        self._patience = patience
        self._places = asyncio.Semaphore(size)
        self._idle: list[asyncpg.Connection] = []
        self._is_closed = False

    async def open(self, number: int) -> None:
        """Have so many open, and nobody wait for them. Those that cannot be opened are tried when they are needed."""
        opened = await asyncio.gather(*(self.take() for _ in range(number)), return_exceptions=True)
        for connection in opened:
            if not isinstance(connection, BaseException):
                self.give_back(connection)

    async def take(self) -> asyncpg.Connection:
        """A connection that is whole. Raise `Unavailable` where none comes free in time, or none can be opened."""
        await acquire(self._places, within=self._patience, otherwise="All database connections are in use.")
        try:
            while self._idle:
                connection = self._idle.pop()
                if not connection.is_closed():
                    return connection
            return await self._open()
        except BaseException:
            self._places.release()
            raise

    def give_back(self, connection: asyncpg.Connection) -> None:
        """Keep a connection that is clean; end one that is still inside a transaction or was cut off."""
        if connection.is_closed() or connection.is_in_transaction() or self._is_closed:
            connection.terminate()
        else:
            self._idle.append(connection)
        self._places.release()

    async def close(self) -> None:
        """Close those that nobody uses; the others end when they come back."""
        self._is_closed = True
        while self._idle:
            await self._idle.pop().close(timeout=_CONNECT_SECONDS)

    async def _open(self) -> asyncpg.Connection:
        try:
            connection: asyncpg.Connection = await asyncpg.connect(
                self._url, timeout=_CONNECT_SECONDS, statement_cache_size=self._statements_kept
            )
            try:
                for kind in ("json", "jsonb"):
                    await connection.set_type_codec(
                        kind, schema="pg_catalog", encoder=_as_it_is, decoder=msgspec.json.decode, format="text"
                    )
            except BaseException:
                connection.terminate()
                raise
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise Unavailable("The database cannot be reached.") from error
        return connection


async def acquire(places: asyncio.Semaphore, *, within: float, otherwise: str) -> None:
    """Take a place as soon as there is one; raise `Unavailable`, saying `otherwise`, after `within` seconds."""
    if not places.locked():
        await places.acquire()
        return
    try:
        async with asyncio.timeout(within):
            await places.acquire()
    except TimeoutError:
        raise Unavailable(otherwise) from None


def _as_it_is(text: str) -> str:
    return text

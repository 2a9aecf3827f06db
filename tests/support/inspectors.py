"""Administrators' connections to one database, kept for whoever looks next: opening one takes longer than a look."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg


class Inspectors:
    """Connections that see all tenants. What an inspector sets for its session ends with its look."""

    def __init__(self, admin_url: str) -> None:
        self._url = admin_url
        self._idle: list[asyncpg.Connection] = []

    @asynccontextmanager
    async def one(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection that nobody else has. One that is left inside a transaction, or at work, is not used again."""
        connection = await self._taken()
        try:
            yield connection
        except BaseException:
            connection.terminate()
            raise
        if connection.is_closed() or connection.is_in_transaction():
            connection.terminate()
        else:
            await connection.reset()
            self._idle.append(connection)

    async def close(self) -> None:
        while self._idle:
            await self._idle.pop().close()

    async def _taken(self) -> asyncpg.Connection:
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
        return await asyncpg.connect(self._url)

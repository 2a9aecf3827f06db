"""Statements as adapters send them, inside a unit of work."""

from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg


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

"""Waiting for somebody who waits for a lock."""

import asyncio

import asyncpg

_WAITING = "select exists (select from pg_stat_activity where pg_backend_pid() = any (pg_blocking_pids(pid)))"


async def blocked(holder: asyncpg.Connection) -> None:
    """Return once somebody waits for what `holder` has locked, or after some seconds."""
    for _ in range(500):
        if await holder.fetchval(_WAITING):
            return
        await asyncio.sleep(0.01)

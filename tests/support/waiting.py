"""Waiting for somebody who waits for a lock."""

import asyncpg

from tests.support.soon import PATIENCE, until

_WAITING = "select exists (select from pg_stat_activity where pg_backend_pid() = any (pg_blocking_pids(pid)))"


async def blocked(holder: asyncpg.Connection) -> None:
    """Return once somebody waits for what `holder` has locked."""
    await until(lambda: holder.fetchval(_WAITING), within=PATIENCE)

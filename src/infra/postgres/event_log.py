"""The event log as hubs read it, and the bell that tells them to."""

import asyncio
from collections.abc import Collection
from typing import Any
from uuid import UUID

import asyncpg
import structlog

from domains.shared.live import LoggedEvent
from domains.shared.permissions import Role
from infra.bell import Ring
from infra.postgres.binding import begin, commit, roll_back
from infra.postgres.database import Database
from infra.postgres.numbering import GROWN

_HEADS = "select tenant, seq from work.heads_of($1)"
_AFTER = """
    select seq, type, audience, subject_id, subject_version from event_log where seq > $1 order by seq limit $2
"""
_STANDING = """
    select session, role from directory.standing_of($1)
    union all select session, role from directory.standing_of_keys($1)
"""
_PROBE_EVERY_SECONDS = 10.0
_MOST_SECONDS = 5.0
_PAUSE_AFTER_FAILURE_SECONDS = 0.2

_log = structlog.get_logger("bell")


class PostgresEventLog:
    """The `EventLog`, on connections of its own: a flood of requests does not hold it up."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def heads(self, tenants: Collection[UUID]) -> dict[UUID, int]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(_HEADS, list(tenants))
        return dict.fromkeys(tenants, 0) | {row["tenant"]: row["seq"] for row in rows}

    async def after(self, tenant: UUID, seq: int, *, most: int) -> list[LoggedEvent]:
        async with self._database.connection() as driver:
            await begin(driver, tenant)
            try:
                rows = await driver.fetch(_AFTER, seq, most)
            except BaseException:
                await roll_back(driver)
                raise
            await commit(driver)
        return [LoggedEvent(*row.values()) for row in rows]


class PostgresStandings:
    """The `Standings`, one statement for all sessions of a process."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, sessions: Collection[UUID]) -> dict[UUID, Role]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(_STANDING, list(sessions))
        return {row["session"]: Role(row["role"]) for row in rows}


class PostgresBell:
    """The `Bell` on a LISTEN connection that is made anew whenever it is lost; then something may have been missed."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._ring = Ring()

    async def rung(self, *, patience: float) -> frozenset[UUID] | None:
        return await self._ring.rung(patience=patience)

    async def run(self) -> None:
        """Hear the channel, for ever."""
        while True:
            try:
                await self._listen()
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                _log.warning("not_listening", reason=type(error).__name__)
            await asyncio.sleep(_PAUSE_AFTER_FAILURE_SECONDS)

    async def _listen(self) -> None:
        connection = await asyncpg.connect(self._url, timeout=_MOST_SECONDS, command_timeout=_MOST_SECONDS)
        lost = asyncio.Event()
        try:
            connection.add_termination_listener(lambda _: lost.set())
            await connection.add_listener(GROWN, self._hear)
            self._ring.ring_for_all()
            while not lost.is_set():
                try:
                    async with asyncio.timeout(_PROBE_EVERY_SECONDS):
                        await lost.wait()
                except TimeoutError:
                    await connection.execute("select 1")
        finally:
            connection.terminate()

    def _hear(self, _connection: Any, _process: int, _channel: str, payload: Any) -> None:
        self._ring.hear(str(payload))

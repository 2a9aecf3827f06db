"""What has changed about access, for each API process: asked twice a second, and at once when somebody says so.

A change is one that has become visible since the snapshot of the last look: whatever order transactions commit in, each
is seen once.
"""

import asyncio
from contextlib import suppress
from typing import Any, Protocol
from uuid import UUID

import asyncpg
import msgspec
import structlog

from infra.postgres.database import Database

CHANGED = "frontdesk_access"
LOOK_EVERY_SECONDS = 0.4
_SINCE = "select * from directory.access_changes_since($1, $2)"
_MOST_SECONDS = 0.8
_PATIENCE_SECONDS = 0.5
_PAUSE_AFTER_FAILURE_SECONDS = 0.1

_log = structlog.get_logger("access")


class Changes(msgspec.Struct, frozen=True):
    """Whose access has changed: sessions and keys by id, members by tenant and account, all of a tenant."""

    sessions: frozenset[UUID]
    members: frozenset[tuple[UUID, UUID]]
    tenants: frozenset[UUID]

    @property
    def is_empty(self) -> bool:
        return not (self.sessions or self.members or self.tenants)


class Memory(Protocol):
    """What remembers sessions, and is told what to forget."""

    def forget(self, changes: Changes, *, as_of: float) -> None:
        """All that had changed by the loop's time `as_of`."""
        ...

    def forget_all(self, *, as_of: float) -> None: ...


class AccessFeed:
    """Tells one memory what has changed, over a connection of its own, which is made anew when it is lost."""

    def __init__(self, url: str, memory: Memory) -> None:
        self._url = url
        self._memory = memory
        self._seen: tuple[Any, Any] = (None, None)
        self._as_of = float("-inf")
        self._wanted = asyncio.Event()
        self._looked = asyncio.Event()
        self._is_to_tell = False
        self._is_lost = False

    async def catch_up(self) -> None:
        """Have other processes look, and return when this one knows all that is committed by now.

        After half a second it returns in any case: the memory does not answer then, and the database is asked.
        """
        asked = asyncio.get_running_loop().time()
        self._is_to_tell = True
        self._wanted.set()
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                while self._as_of < asked:
                    looked = self._looked
                    await looked.wait()
        except TimeoutError:
            self._memory.forget_all(as_of=float("-inf"))

    async def run(self) -> None:
        """Look, for ever."""
        while True:
            try:
                await self._follow()
            except Exception as error:  # noqa: BLE001 - whatever it was, the database is asked until it is over
                if not self._is_lost:
                    _log.warning("access_not_followed", reason=type(error).__name__)
                self._is_lost = True
            await asyncio.sleep(_PAUSE_AFTER_FAILURE_SECONDS)

    async def _follow(self) -> None:
        connection = await asyncpg.connect(self._url, timeout=_MOST_SECONDS, command_timeout=_MOST_SECONDS)
        try:
            await connection.add_listener(CHANGED, self._hear)
            while True:
                await self._look(connection)
                try:
                    async with asyncio.timeout(LOOK_EVERY_SECONDS):
                        await self._wanted.wait()
                except TimeoutError:
                    continue
        finally:
            connection.terminate()

    async def _look(self, connection: asyncpg.Connection) -> None:
        self._wanted.clear()
        is_to_tell, self._is_to_tell = self._is_to_tell, False
        as_of = asyncio.get_running_loop().time()
        (row,) = await connection.fetch(_SINCE, *self._seen)
        if row["is_whole"]:
            self._memory.forget(_changes(row["changes"]), as_of=as_of)
        else:
            self._memory.forget_all(as_of=as_of)
        self._seen, self._as_of = (row["snapshot"], row["at"]), as_of
        self._looked.set()
        self._looked = asyncio.Event()
        self._is_lost = False
        if is_to_tell:
            await connection.execute(f"notify {CHANGED}")

    def _hear(self, *_notification: Any) -> None:
        self._wanted.set()


class OthersTold:
    """The `AccessWatch` of a command: who lets people in is told to look, and looks by itself where that fails."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def catch_up(self) -> None:
        with suppress(Exception):
            async with self._database.connection() as connection:
                await connection.execute(f"notify {CHANGED}")


def _changes(text: str | None) -> Changes:
    lines = msgspec.json.decode(text, type=list[tuple[UUID | None, UUID | None, UUID | None]]) if text else []
    return Changes(
        sessions=frozenset(session for session, _, _ in lines if session),
        members=frozenset((tenant, account) for _, tenant, account in lines if tenant and account),
        tenants=frozenset(tenant for _, tenant, account in lines if tenant and not account),
    )

"""Sessions and keys in the memory of one process, for as long as it is told in time of what ends and changes."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import TypeVar
from uuid import UUID

import msgspec

from domains.identity import Session
from domains.shared.live import Standings
from domains.shared.permissions import Role
from infra.postgres.access_feed import Changes
from infra.postgres.sessions import SessionRecords, Standing

Name = TypeVar("Name", UUID, bytes)

MOST = 10_000
STALE_SECONDS = 0.9
"""A memory that was not told anything for so long is not asked: with the way here, an end counts within a second."""


class _Known(msgspec.Struct, frozen=True):
    session: Session
    until: float


class RememberedSessions:
    """The `LiveSessions`: what the records say, or said, where nothing has changed since.

    What was read while a change came in is not remembered: it may be from before it. A key's use is kept in `used`.
    """

    def __init__(self, records: SessionRecords, *, most: int = MOST) -> None:
        self._records = records
        self._most = most
        self._sessions: dict[UUID, _Known] = {}
        self._keys: dict[bytes, _Known] = {}
        self._told = float("-inf")
        self._generation = 0
        self.used: set[UUID] = set()

    async def find(self, session_id: UUID) -> Session | None:
        return await self._found(self._sessions, session_id, self._records.standing)

    async def find_key(self, digest: bytes) -> Session | None:
        found = await self._found(self._keys, digest, self._records.standing_of_key)
        if found is not None:
            self.used.add(found.id)
        return found

    def forget(self, changes: Changes, *, as_of: float) -> None:
        """Drop all that has changed; what is left is right as of the loop's time `as_of`."""
        if not changes.is_empty:
            self._generation += 1
            for session in changes.sessions:
                self._sessions.pop(session, None)
            self._drop(self._keys, changes)
            if changes.members or changes.tenants:
                self._drop(self._sessions, changes)
        self._told = as_of

    def forget_all(self, *, as_of: float) -> None:
        self._generation += 1
        self._sessions.clear()
        self._keys.clear()
        self._told = as_of

    def forget_ended(self, sessions: Collection[UUID]) -> None:
        """Drop sessions of which something else has found out that they have ended."""
        self._generation += 1
        for session in sessions:
            self._sessions.pop(session, None)

    async def _found(
        self, known: dict[Name, _Known], name: Name, ask: Callable[[Name], Awaitable[Standing | None]]
    ) -> Session | None:
        now = asyncio.get_running_loop().time()
        is_told = now - self._told < STALE_SECONDS
        remembered = known.get(name)
        if is_told and remembered is not None and now < remembered.until:
            return remembered.session
        generation = self._generation
        standing = await ask(name)
        if standing is None:
            known.pop(name, None)
            return None
        if is_told and generation == self._generation:
            self._remember(known, name, _Known(standing.session, now + standing.expires_in.total_seconds()))
        return standing.session

    def _remember(self, known: dict[Name, _Known], name: Name, found: _Known) -> None:
        if name not in known and len(known) >= self._most:
            del known[next(iter(known))]
        known[name] = found

    def _drop(self, known: dict[Name, _Known], changes: Changes) -> None:
        for name in [name for name, each in known.items() if _concerns(changes, each.session)]:
            del known[name]


class HeededStandings:
    """The `Standings`: with a session that has ended, what this process remembers of it goes first.

    Otherwise whoever's socket was closed could open another one at once, until the process is told.
    """

    def __init__(self, standings: Standings, remembered: RememberedSessions) -> None:
        self._standings = standings
        self._remembered = remembered

    async def of(self, sessions: Collection[UUID]) -> dict[UUID, Role]:
        found = await self._standings.of(sessions)
        if ended := set(sessions) - found.keys():
            self._remembered.forget_ended(ended)
        return found


def _concerns(changes: Changes, session: Session) -> bool:
    return (
        session.id in changes.sessions
        or session.tenant in changes.tenants
        or (session.tenant, session.account) in changes.members
    )

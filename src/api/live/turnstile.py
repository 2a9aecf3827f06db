"""How many sockets and event streams a user has open: counted here, and with other processes if they share a count."""

import asyncio
from typing import ClassVar
from uuid import UUID

from domains.shared.errors import DomainError
from domains.shared.ids import new_id
from domains.shared.live import Places

MOST_OPEN_PER_USER = 10
_MOST_UNCOUNTED = 2
_KEEP_EVERY_SECONDS = 5.0


class TooManyOpen(DomainError):
    """A user has as many open sockets and event streams as one may have."""

    code: ClassVar[str] = "rate_limited"
    title: ClassVar[str] = "Too many open at once"


class Turnstile:
    """At most 10 of a user over all processes; 2 in this one while what they share cannot be reached."""

    def __init__(self, shared: Places) -> None:
        self._shared = shared
        self._open: dict[UUID, set[UUID]] = {}
        self._left: set[tuple[UUID, UUID]] = set()

    async def enter(self, user: UUID) -> UUID:
        """A place for one more. Raises `TooManyOpen`."""
        here = self._open.setdefault(user, set())
        place = new_id()
        # Before anything is awaited, so that many at once do not pass.
        here.add(place)
        try:
            granted = len(here) <= MOST_OPEN_PER_USER and await self._granted(user, place)
        except BaseException:
            self.leave(user, place)
            raise
        if granted is None:
            granted = len(here) <= _MOST_UNCOUNTED
        if not granted:
            self.leave(user, place)
            raise TooManyOpen(f"At most {MOST_OPEN_PER_USER} sockets and event streams can be open.")
        return place

    def leave(self, user: UUID, place: UUID) -> None:
        here = self._open.get(user)
        if here is None or place not in here:
            return
        here.discard(place)
        self._left.add((user, place))
        if not here:
            del self._open[user]

    def open_of(self, user: UUID) -> int:
        """How many the user has open here."""
        return len(self._open.get(user, ()))

    async def watch(self) -> None:
        """Tell the other processes, for ever, what is open here and what no longer is."""
        while True:
            await self._give_back()
            await self._shared.keep([(user, place) for user, places in self._open.items() for place in places])
            await asyncio.sleep(_KEEP_EVERY_SECONDS)

    async def _granted(self, user: UUID, place: UUID) -> bool | None:
        await self._give_back()
        return await self._shared.take(user, place)

    async def _give_back(self) -> None:
        left, self._left = self._left, set()
        if left:
            await self._shared.give_back(left)

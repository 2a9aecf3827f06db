"""Envelopes taken one by one, under a lease: what follows from them is outside, and happens at least once."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from uuid import UUID

import structlog

from domains.shared.envelopes import Envelope, Envelopes
from workers.retrying import seconds_until_next

_AT_ONCE = 8
_OF_ONE_TENANT = 2
_KEEP_EVERY_SECONDS = 3.0

_log = structlog.get_logger("relay")

Handler = Callable[[Envelope], Awaitable[None]]


class Leased:
    """A part of the relay: several at once, each claimed for a few seconds and for as long as its handler runs.

    One tenant's many leave room for the others'.
    """

    def __init__(self, envelopes: Envelopes, handlers: Mapping[str, Handler]) -> None:
        self._envelopes = envelopes
        self._handlers = handlers
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def once(self) -> int:
        """Do what is due now, and say how many envelopes were handled here. What is raised waits for the others."""
        rooms: dict[UUID, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(_OF_ONE_TENANT))
        due = await self._envelopes.due()
        taken = await asyncio.gather(*(self._take(one, rooms[one.tenant]) for one in due), return_exceptions=True)
        for failure in taken:
            if isinstance(failure, BaseException):
                raise failure
        return sum(map(bool, taken))

    async def _take(self, envelope: Envelope, room: asyncio.Semaphore) -> bool:
        async with room, self._places:
            if not await self._envelopes.claim(envelope):
                return False
            async with self._kept(envelope):
                await self._handle(envelope)
        return True

    async def _handle(self, envelope: Envelope) -> None:
        try:
            await self._handlers[envelope.kind](envelope)
        except Exception:  # noqa: BLE001 - one envelope's failure is no other's
            named = {"envelope_id": str(envelope.id), "tenant_id": str(envelope.tenant)}
            _log.exception("envelope_failed", kind=envelope.kind, attempts=envelope.attempts + 1, **named)
            await self._put_off(envelope)
        else:
            await self._envelopes.done(envelope)

    async def _put_off(self, envelope: Envelope) -> None:
        seconds = seconds_until_next(envelope.attempts)
        if seconds is None:
            await self._envelopes.park(envelope)
        else:
            await self._envelopes.put_off(envelope, seconds=seconds)

    @asynccontextmanager
    async def _kept(self, envelope: Envelope) -> AsyncIterator[None]:
        """Renew the claim while its handler runs."""
        keeping = asyncio.create_task(self._keep(envelope))
        try:
            yield
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)

    async def _keep(self, envelope: Envelope) -> None:
        while True:
            await asyncio.sleep(_KEEP_EVERY_SECONDS)
            await self._envelopes.keep(envelope)

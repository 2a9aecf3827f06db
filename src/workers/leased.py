"""Envelopes taken one by one, under a lease: what follows from them is outside, and happens at least once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Mapping
from contextlib import asynccontextmanager
from uuid import UUID
from weakref import WeakValueDictionary

import structlog

from domains.shared.envelopes import Envelope, Envelopes
from workers.retrying import seconds_until_next

_AT_ONCE = 8
_OF_ONE_TENANT, _SLOW_OF_ONE_TENANT = 2, 1
_ROUND_SECONDS = 0.25
_KEEP_EVERY_SECONDS = 3.0

_log = structlog.get_logger("relay")

Handler = Callable[[Envelope], Awaitable[None]]


class _Lane:
    """Places for some at once, of which one tenant has few."""

    def __init__(self, *, of_one_tenant: int) -> None:
        self._of_one_tenant = of_one_tenant
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._rooms: WeakValueDictionary[UUID, asyncio.Semaphore] = WeakValueDictionary()

    @asynccontextmanager
    async def place(self, tenant: UUID) -> AsyncIterator[None]:
        room = self._rooms.setdefault(tenant, asyncio.Semaphore(self._of_one_tenant))
        async with room, self._places:
            yield


class Leased:
    """A part of the relay: several at once, each claimed for a few seconds and for as long as its handler runs.

    - One tenant's many leave room for the others', and what takes long keeps nobody waiting: a round ends after a
      moment, and what it has begun goes on during the next ones.
    - `slow` kinds have places of their own, of which one tenant has one at a time.
    """

    def __init__(self, envelopes: Envelopes, handlers: Mapping[str, Handler], *, slow: Collection[str] = ()) -> None:
        self._envelopes = envelopes
        self._handlers = handlers
        self._slow = slow
        self._lane = _Lane(of_one_tenant=_OF_ONE_TENANT)
        self._slow_lane = _Lane(of_one_tenant=_SLOW_OF_ONE_TENANT)
        self._under_way: dict[UUID, asyncio.Task[bool]] = {}
        self._is_ending = False

    async def once(self) -> int:
        """Do what is due now, and say how many envelopes were handled here. What is raised waits for the others."""
        await self._begin()
        await self._wait(None)
        return sum(self._ended())

    async def go_on(self) -> int:
        """Begin what is due now, and say how many envelopes were handled here, or still are, after a moment."""
        await self._begin()
        await self._wait(_ROUND_SECONDS)
        return sum(self._ended()) + len(self._under_way)

    async def finish(self) -> None:
        """Wait for what was claimed; claim nothing more."""
        self._is_ending = True
        try:
            await self._wait(None)
        finally:
            self._under_way.clear()
            self._is_ending = False

    async def _begin(self) -> None:
        for envelope in await self._envelopes.due():
            if envelope.id not in self._under_way:
                self._under_way[envelope.id] = asyncio.create_task(self._take(envelope))

    async def _wait(self, seconds: float | None) -> None:
        """Until all have ended, or for so long. What was begun is cancelled with whoever waits for it."""
        tasks = self._under_way.values()
        if not tasks:
            return
        try:
            await asyncio.wait(tasks, timeout=seconds)
        except asyncio.CancelledError:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            raise

    def _ended(self) -> Iterator[bool]:
        ended = [self._under_way.pop(each) for each, task in list(self._under_way.items()) if task.done()]
        for failure in [task.exception() for task in ended]:
            if failure:
                raise failure
        return (task.result() for task in ended)

    async def _take(self, envelope: Envelope) -> bool:
        lane = self._slow_lane if envelope.kind in self._slow else self._lane
        async with lane.place(envelope.tenant):
            if self._is_ending or not await self._envelopes.claim(envelope):
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

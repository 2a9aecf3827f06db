"""The relay: does what waits in envelopes, after the commit or at its time, at least once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

import structlog

from domains.shared.envelopes import Envelope, Envelopes

_AT_ONCE = 8
_POLL_SECONDS = 0.25
_PAUSE_AFTER_FAILURE_SECONDS = 1.0
_KEEP_EVERY_SECONDS = 3.0
_MOST_ATTEMPTS = 10
_LONGEST_DELAY_SECONDS = 3600

_log = structlog.get_logger("relay")

Handler = Callable[[Envelope], Awaitable[None]]


class Relay:
    """Runs until told to stop, and then finishes what it has begun.

    A handler that fails is tried again after 1 s, 2 s, 4 s … up to an hour; after ten tries its envelope is parked.
    """

    def __init__(self, envelopes: Envelopes, handlers: Mapping[str, Handler]) -> None:
        self._envelopes = envelopes
        self._handlers = handlers
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                handled = await self.once()
            except Exception:  # noqa: BLE001 - whatever it was, the relay goes on once it is over
                _log.exception("envelopes_unreachable")
                await _pause(stop, _PAUSE_AFTER_FAILURE_SECONDS)
            else:
                if not handled:
                    await _pause(stop, _POLL_SECONDS)

    async def once(self) -> int:
        """Do what is due now, and say how many envelopes were handled here."""
        return sum(await asyncio.gather(*map(self._take, await self._envelopes.due())))

    async def _take(self, envelope: Envelope) -> bool:
        async with self._places:
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
        if envelope.attempts + 1 >= _MOST_ATTEMPTS:
            await self._envelopes.park(envelope)
        else:
            await self._envelopes.put_off(envelope, seconds=min(2**envelope.attempts, _LONGEST_DELAY_SECONDS))

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


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return

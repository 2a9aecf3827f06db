"""The relay: hands what has happened to those who wait for it, after the commit and at least once."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

import structlog

from domains.shared.outbox import Envelope, Outbox

_BATCH = 20
_POLL_SECONDS = 0.25
_PAUSE_AFTER_FAILURE_SECONDS = 1.0
_MOST_ATTEMPTS = 10
_LONGEST_DELAY = timedelta(hours=1)

_log = structlog.get_logger("relay")


Handler = Callable[[Envelope], Awaitable[None]]


class Relay:
    """Runs until told to stop, and then finishes what it has claimed.

    A handler that fails is tried again after 1 s, 2 s, 4 s … up to an hour; after ten tries its envelope is parked.
    """

    def __init__(self, outbox: Outbox, handlers: Mapping[str, Handler]) -> None:
        self._outbox = outbox
        self._handlers = handlers

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                handled = await self.once()
            except Exception:  # noqa: BLE001 - whatever it was, the relay goes on once it is over
                _log.exception("outbox_unreachable")
                await _pause(stop, _PAUSE_AFTER_FAILURE_SECONDS)
            else:
                if not handled:
                    await _pause(stop, _POLL_SECONDS)

    async def once(self) -> int:
        """Handle what is due now, and say how many envelopes that was."""
        envelopes = await self._outbox.claim(_BATCH)
        for envelope in envelopes:
            await self._handle(envelope)
        return len(envelopes)

    async def _handle(self, envelope: Envelope) -> None:
        try:
            await self._handlers[envelope.subscriber](envelope)
        except Exception:  # noqa: BLE001 - one subscriber's failure is no other's
            named = {"event_id": str(envelope.event), "tenant_id": str(envelope.tenant)}
            _log.exception("subscriber_failed", subscriber=envelope.subscriber, attempts=envelope.attempts, **named)
            await self._put_off(envelope)
        else:
            await self._outbox.done(envelope)

    async def _put_off(self, envelope: Envelope) -> None:
        if envelope.attempts >= _MOST_ATTEMPTS:
            await self._outbox.park(envelope)
        else:
            await self._outbox.again(envelope, min(timedelta(seconds=2 ** (envelope.attempts - 1)), _LONGEST_DELAY))


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return

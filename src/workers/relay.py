"""The relay: does what waits in envelopes, after the commit or at its time."""

import asyncio
from typing import Protocol

import structlog

from workers.outages import report
from workers.pausing import pause

_POLL_SECONDS = 0.25
_PAUSE_AFTER_FAILURE_SECONDS = 1.0

_log = structlog.get_logger("relay")


class Carrier(Protocol):
    """Does one sort of envelopes."""

    async def once(self) -> int:
        """Do what is due now, and say how many envelopes were handled here."""
        ...

    async def go_on(self) -> int:
        """Begin what is due now, and say how many envelopes were handled here, or still are, after a moment."""
        ...

    async def finish(self) -> None:
        """Do what was begun to its end, and begin nothing more."""
        ...


class Relay:
    """Runs its carriers, which do not wait for one another, until told to stop; then they finish what they have begun.

    What fails is tried again, later and later; after ten tries its envelope is parked.
    """

    def __init__(self, *carriers: Carrier) -> None:
        self._carriers = carriers

    async def run(self, stop: asyncio.Event) -> None:
        await asyncio.gather(*(_run(carrier, stop) for carrier in self._carriers))

    async def once(self) -> int:
        """Do what is due now, and say how many envelopes were handled here."""
        return sum([await carrier.once() for carrier in self._carriers])


async def _run(carrier: Carrier, stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            handled = await carrier.go_on()
        except Exception as error:  # noqa: BLE001 - whatever it was, the relay goes on once it is over
            report(_log, "envelopes_unreachable", error)
            await pause(stop, _PAUSE_AFTER_FAILURE_SECONDS)
        else:
            if not handled:
                await pause(stop, _POLL_SECONDS)
    await carrier.finish()

"""The sweeper: removes what is kept for a time only, in small batches, so that nobody notices."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Protocol

import structlog

from workers.pausing import pause

_EVERY_SECONDS = 300.0
_BETWEEN_BATCHES_SECONDS = 0.5
_MOST_AT_ONCE = 1000

_log = structlog.get_logger("sweeper")


class Sweeps(Protocol):
    """Everything that is kept for a time only."""

    async def sweep(self, most: int) -> Mapping[str, int]:
        """Remove at most so many of each kind whose time is over, and say how many of each."""
        ...


class Sweeper:
    """Runs until told to stop. Several may run: what one holds the others pass over."""

    def __init__(self, sweeps: Sweeps, tell: Callable[[str, int], None]) -> None:
        self._sweeps = sweeps
        self._tell = tell

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            has_more = await self._turn()
            await pause(stop, _BETWEEN_BATCHES_SECONDS if has_more else _EVERY_SECONDS)

    async def once(self) -> bool:
        """Remove one batch of each kind. Say whether there may be more."""
        swept = await self._sweeps.sweep(_MOST_AT_ONCE)
        for what, rows in swept.items():
            self._tell(what, rows)
        return any(rows >= _MOST_AT_ONCE for rows in swept.values())

    async def _turn(self) -> bool:
        try:
            return await self.once()
        except Exception:  # noqa: BLE001 - whatever it was, the next turn makes up for it
            _log.exception("not_swept")
            return False

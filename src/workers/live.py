"""The live relay: gives events their numbers after the commit, so that sockets hear of them in one order."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

import structlog

from workers.outages import report

_LOOK_EVERY_SECONDS = 1.0
_FORGET_EVERY_SECONDS = 600.0
_PAUSE_AFTER_FAILURE_SECONDS = 0.5

_log = structlog.get_logger("live")


class Numbers(Protocol):
    """Gives events their numbers, for the slots of tenants that this relay holds."""

    @property
    def woken(self) -> asyncio.Event: ...

    @property
    def batch(self) -> int: ...

    @property
    def held(self) -> Sequence[int]: ...

    async def hold(self) -> None: ...

    async def number(self) -> int: ...

    async def forget(self) -> bool: ...

    async def close(self) -> None: ...


class LiveRelay:
    """Runs until told to stop. Works when woken, and looks every second in case nobody was heard.

    The first relay holds all slots; the others stand by, and take over within a second what it leaves.
    """

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers
        self._forgotten = float("-inf")

    async def run(self, stop: asyncio.Event) -> None:
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                await self._wait(stopping, await self._turn())
        finally:
            stopping.cancel()
            await self._numbers.close()

    async def once(self) -> int:
        """Number all that waits, and say how much it was."""
        self._numbers.woken.clear()
        await self._numbers.hold()
        total = moved = await self._numbers.number()
        while moved == self._numbers.batch:
            moved = await self._numbers.number()
            total += moved
        return total

    async def _turn(self) -> float:
        """Do what there is, and say how long to rest."""
        try:
            await self.once()
            await self._forget()
        except Exception as error:  # noqa: BLE001 - whatever it was, the relay goes on once it is over
            report(_log, "events_not_numbered", error)
            await self._numbers.close()
            return _PAUSE_AFTER_FAILURE_SECONDS
        return _LOOK_EVERY_SECONDS

    async def _forget(self) -> None:
        now = asyncio.get_running_loop().time()
        if self._numbers.held and now - self._forgotten > _FORGET_EVERY_SECONDS:
            has_more = await self._numbers.forget()
            self._forgotten = float("-inf") if has_more else now

    async def _wait(self, stopping: asyncio.Task[bool], seconds: float) -> None:
        waking = asyncio.create_task(self._numbers.woken.wait())
        await asyncio.wait({stopping, waking}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        waking.cancel()

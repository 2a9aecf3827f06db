"""Ctrl-C, SIGTERM, a closed terminal and a killed parent, as one exception in the main thread."""

import asyncio
import os
import signal
import time
from collections.abc import Coroutine
from types import FrameType
from typing import Any, TypeVar

from infra.processes import PARENT_ENDED, end_with_parent

_HEEDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, PARENT_ENDED)
_MOST_WISHES = 2
ONE_WISH_SECONDS = 0.7

Result = TypeVar("Result")


class StopRequested(KeyboardInterrupt):
    """Somebody wants this process to stop. asyncio lets it pass, as it does its parent class."""


class StopSignals:
    """Raises `StopRequested` wherever the main thread is: at the first wish to stop, and once more at the second.

    Signals in quick succession are one wish: `make` passes on a SIGTERM that its whole process group has had already.
    """

    def __init__(self, *, parent: int) -> None:
        self._parent = parent
        self._wishes = 0
        self._last = float("-inf")
        self._is_done = False
        self._work: _Work | None = None

    def listen(self) -> None:
        for number in _HEEDED:
            signal.signal(number, self._heard)
        end_with_parent(self._parent)

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Do `work` in a loop of its own. A wish to stop cancels it, and is raised when it has cleared up.

        Raised in the midst of the loop, it could fall between a result and who waits for it, who would wait forever.
        What was done in spite of it has its result.
        """
        self._work = _Work()
        try:
            return asyncio.run(self._work.do(work))
        except asyncio.CancelledError:
            raise StopRequested from None
        finally:
            self._work = None

    async def heed_no_more(self) -> None:
        """Inside `run`: from here on nothing is cancelled, unless a wish has come before: then it is, here."""
        self.done()
        await asyncio.sleep(0)

    def done(self) -> None:
        """Heed no more of them: this process is ending as it should, and an echo must not end it otherwise."""
        self._is_done = True
        for number in _HEEDED:
            signal.signal(number, signal.SIG_IGN)

    def _heard(self, number: int, _frame: FrameType | None) -> None:
        if self._is_done or (number == PARENT_ENDED and os.getppid() == self._parent):
            return
        now = time.monotonic()
        if self._wishes < _MOST_WISHES and now - self._last > ONE_WISH_SECONDS:
            self._wishes += 1
            self._last = now
            if self._work is None:
                raise StopRequested
            self._work.cancel()


class _Work:
    """What a loop is run for. It can be cancelled by a signal's handler, also before it has begun."""

    def __init__(self) -> None:
        self._task: asyncio.Task[Any] | None = None
        self._is_cancelled = False

    async def do(self, work: Coroutine[Any, Any, Result]) -> Result:
        self._task = task = asyncio.create_task(work)
        if self._is_cancelled:
            task.cancel()
        return await task

    def cancel(self) -> None:
        self._is_cancelled = True
        if self._task is not None and not self._task.done():
            # From another function than the loop's own, which may sleep: it has to be woken.
            self._task.get_loop().call_soon_threadsafe(self._task.cancel)

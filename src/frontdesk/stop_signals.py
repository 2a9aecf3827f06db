"""Ctrl-C, SIGTERM, a closed terminal and a killed parent, as one exception in the main thread."""

import os
import signal
import time
from types import FrameType

from infra.processes import PARENT_ENDED, end_with_parent

_HEEDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, PARENT_ENDED)
_MOST_WISHES = 2
_ONE_WISH_SECONDS = 0.7


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

    def listen(self) -> None:
        for number in _HEEDED:
            signal.signal(number, self._heard)
        end_with_parent(self._parent)

    def done(self) -> None:
        """Heed no more of them: this process is ending as it should, and an echo must not end it otherwise."""
        for number in _HEEDED:
            signal.signal(number, signal.SIG_IGN)

    def _heard(self, number: int, _frame: FrameType | None) -> None:
        if number == PARENT_ENDED and os.getppid() == self._parent:
            return
        now = time.monotonic()
        if self._wishes < _MOST_WISHES and now - self._last > _ONE_WISH_SECONDS:
            self._wishes += 1
            self._last = now
            raise StopRequested

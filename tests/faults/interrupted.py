"""A program that backs up or restores, and is told to stop (SIGTERM) at the n-th point at which it waits, or goes on.

`python -m tests.faults.interrupted` reads lines `<backup|restore> <file> <n>`, does each in a fork of itself, and
answers `stopped`, or `done` where it was too late for it, with the number of points that there were.
"""

import os
import signal
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

from frontdesk.backup import back_up
from frontdesk.restore import Restore
from frontdesk.settings import Settings
from frontdesk.stop_signals import StopRequested, StopSignals
from tests.faults.crash_points import Dying, counter

Result = TypeVar("Result")


class Told(StopSignals):
    """Told to stop at the n-th point of what is run."""

    def __init__(self, at: int) -> None:
        super().__init__(parent=os.getppid())
        self.points = 0
        self._count = counter(at, signal.SIGTERM)

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        async def counted() -> Result:
            return await Dying(work, self.pass_one)

        return super().run(counted())

    def pass_one(self) -> None:
        self.points += 1
        self._count()


def do(what: str, file: Path, signals: Told) -> None:
    """The last point is when it has been done."""
    settings = Settings.load()
    signals.listen()
    if what == "backup":
        back_up(settings, file, signals)
    else:
        Restore(settings, file, replace=True, say=_nobody).run(signals)
    signals.pass_one()


def in_a_fork(task: Callable[[], None]) -> None:
    child = os.fork()
    if child == 0:
        try:
            task()
        finally:
            os._exit(0)
    os.waitpid(child, 0)


def main() -> None:
    for line in sys.stdin:
        what, file, at = line.split()
        in_a_fork(lambda: _answer(what, Path(file), Told(int(at))))  # noqa: B023 - it is called at once


def _answer(what: str, file: Path, signals: Told) -> None:
    try:
        do(what, file, signals)
    except StopRequested:
        print("stopped", signals.points, flush=True)  # noqa: T201 - the answer
    else:
        print("done", signals.points, flush=True)  # noqa: T201 - the answer


def _nobody(_: str) -> None:
    """Hears what is said."""


if __name__ == "__main__":
    main()

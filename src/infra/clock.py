"""Clocks for work that belongs to a certain time."""

from datetime import datetime

import msgspec

from domains.shared.clock import Clock


class StoppedClock(msgspec.Struct, frozen=True):
    """A `Clock` for work that belongs to a certain time."""

    at: datetime

    def now(self) -> datetime:
        return self.at


class NoEarlier(msgspec.Struct, frozen=True):
    """A `Clock` that goes as `clock` does, and stands at `at` until that has come there: no two clocks are the same."""

    at: datetime
    clock: Clock

    def now(self) -> datetime:
        return max(self.at, self.clock.now())

"""A clock that stands still."""

from datetime import datetime

import msgspec


class StoppedClock(msgspec.Struct, frozen=True):
    """A `Clock` for work that belongs to a certain time."""

    at: datetime

    def now(self) -> datetime:
        return self.at

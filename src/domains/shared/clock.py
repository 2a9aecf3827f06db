"""Time as the business sees it, and as the wire shows it."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Protocol
from zoneinfo import ZoneInfo

import msgspec

Timestamp = Annotated[
    str,
    msgspec.Meta(
        max_length=24,
        extra_json_schema={"format": "date-time"},
        examples=["2026-11-21T09:30:00.000Z"],
    ),
]


class Clock(Protocol):
    """Says what time it is for the business: documents, edits, codes, reminders."""

    def now(self) -> datetime:
        """The present instant, in UTC."""
        ...


class MovableClock(Clock, Protocol):
    """A clock that a demonstration or a test can move on."""

    async def advance(self, by: timedelta) -> None:
        """Move the business on, for all processes. Returns when all that was due by then is done."""
        ...


class WallClock(Protocol):
    """Says what time it is in the world, however far the business was moved on: tokens, sessions, API keys."""

    def wall(self) -> datetime:
        """The present instant, in UTC."""
        ...


class TenantZone(Protocol):
    """Says in which time zone the business has its days."""

    async def zone(self) -> ZoneInfo: ...


def timestamp(instant: datetime) -> Timestamp:
    """RFC 3339 in UTC with exactly three decimals: `2026-11-21T09:30:00.000Z`."""
    text: str = msgspec.to_builtins(instant.astimezone(UTC))  # twenty times as fast as `isoformat`
    return f"{text[:23]}Z" if instant.microsecond else f"{text[:19]}.000Z"

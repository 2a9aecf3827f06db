"""Days and instants that lie ahead, whenever the tests run. Times of day are those of New York, if no zone is named."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from domains.shared.clock import timestamp

NEW_YORK = ZoneInfo("America/New_York")


def steady_monday(*, weeks: int) -> date:
    """The first Monday, two weeks off at the least, that is followed by so many weeks without a change of clocks."""
    return next(day for day in _mondays() if _offset(day) == _offset(day + timedelta(weeks=weeks)))


def monday_before_spring() -> date:
    """A Monday, two weeks off at the least. The clocks go forward on the second Sunday after it."""
    week = timedelta(weeks=1)
    return next(day for day in _mondays() if _offset(day + week) < _offset(day + 2 * week))


def _mondays() -> Iterator[date]:
    today = datetime.now(UTC).date()
    first = today + timedelta(days=14 + -today.weekday() % 7)
    return (first + timedelta(weeks=number) for number in count())


def _offset(day: date) -> timedelta:
    """How far the clocks are ahead of UTC when the day begins."""
    return datetime.combine(day, time(), NEW_YORK).utcoffset() or timedelta()


MONDAY = steady_monday(weeks=0)
"""Between two and three weeks off."""
DAY = {"from": MONDAY.isoformat(), "to": MONDAY.isoformat()}
"""The Monday, as a query."""


def on(day: int) -> str:
    """The date so many days after the Monday."""
    return (MONDAY + timedelta(days=day)).isoformat()


def instant(clock: str, *, day: int = 0, zone: ZoneInfo = NEW_YORK) -> datetime:
    """When the clocks show `clock`, so many days after the Monday; in UTC."""
    wall = datetime.combine(MONDAY + timedelta(days=day), time.fromisoformat(clock), zone)
    return wall.astimezone(UTC)


def at(clock: str, *, day: int = 0, zone: ZoneInfo = NEW_YORK) -> str:
    """The same as the API shows it."""
    return timestamp(instant(clock, day=day, zone=zone))


TEN = at("10:00")
ELEVEN = at("11:00")

"""From a wall clock to instants (RFC 5545 §3.3.5, PEP 495): what a day of two or no such times comes to."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_SECOND = timedelta(seconds=1)
_MIDNIGHT = "24:00"


def instant_of(wall: datetime, zone: ZoneInfo, *, last: bool = False) -> datetime:
    """The instant at which the clocks of `zone` show `wall`, in UTC.

    - Where they show it twice, the first; with `last`, the second.
    - Where they skip it, the end of what is skipped: hours that begin in a gap begin when it is over.
    """
    found = wall.replace(tzinfo=zone, fold=int(last)).astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == wall.replace(fold=0):
        return found
    return _end_of_gap(wall, zone)


def at_time_of_day(day: date, text: str, zone: ZoneInfo, *, last: bool = False) -> datetime:
    """As `instant_of`, by a day and `09:30`; `24:00` is the beginning of the next day."""
    if text == _MIDNIGHT:
        return instant_of(datetime.combine(day + timedelta(days=1), time.min), zone)
    return instant_of(datetime.combine(day, time.fromisoformat(text)), zone, last=last)


def agreed_instant(wall: datetime, zone: ZoneInfo, known: datetime) -> datetime:
    """`known`, as long as the clocks show `wall` then; else the instant at which they do."""
    return known if shown_at(known, zone) == wall else instant_of(wall, zone)


def shown_at(instant: datetime, zone: ZoneInfo) -> datetime:
    """What the clocks of `zone` show, without a zone."""
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


def _end_of_gap(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first instant at which the clocks show more than `wall`: found between both ways to read it."""
    readings = [wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    before, after = min(readings), max(readings)
    while after - before > _SECOND:
        middle = before + timedelta(seconds=(after - before) // _SECOND // 2)
        if shown_at(middle, zone) > wall:
            after = middle
        else:
            before = middle
    return after

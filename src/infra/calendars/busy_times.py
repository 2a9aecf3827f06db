"""When a calendar says that its owner is busy."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events  # type: ignore[import-untyped]  # the library has no types
from icalendar import Calendar, Component
from msgspec import Struct

MOST = 10_000
_NOT_BUSY = frozenset({"FREE", "WORKINGELSEWHERE"})
_FREE_TIMES = frozenset({"FREE"})
Times = tuple[datetime, datetime]


class TooMany(Exception):
    """There are more busy times than are kept."""


class Asked(Struct, frozen=True):
    """Which times are wanted; days and times without a zone are those of `zone`."""

    zone: ZoneInfo
    start: datetime
    end: datetime


def busy_times(document: bytes, asked: Asked) -> list[Times]:
    """Busy times in UTC, in order, that neither meet nor touch.

    - An event blocks its time unless it is `TRANSPARENT`, cancelled, or marked as free. Of a series each occurrence
      does, but for those that are left out or moved (`RRULE`, `RDATE`, `EXDATE`, `RECURRENCE-ID`).
    - So does what a `VFREEBUSY` calls busy.

    Raises `ValueError` where it is not a calendar, and `TooMany`.
    """
    calendar = Calendar.from_ical(document)
    if calendar.name != "VCALENDAR":
        raise ValueError("Expected a VCALENDAR.")
    found: list[Times] = []
    for start, end in sorted(_all(calendar, asked)):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
            if len(found) > MOST:
                raise TooMany
    return found


def _all(calendar: Component, asked: Asked) -> Iterator[Times]:
    """What there is of them in the time that was asked for."""
    for start, end in (*_of_events(calendar, asked), *_of_free_busy(calendar, asked)):
        if max(start, asked.start) < min(end, asked.end):
            yield max(start, asked.start), min(end, asked.end)


def _of_events(calendar: Component, asked: Asked) -> Iterator[Times]:
    for event in recurring_ical_events.of(calendar, components=["VEVENT"], skip_bad_series=True).between(
        asked.start, asked.end
    ):
        if _blocks(event):
            start = event["DTSTART"].dt
            yield _instant(start, asked.zone), _instant(_end(event, start), asked.zone)


def _blocks(event: Component) -> bool:
    """An all-day event does as well: who means otherwise says so by `TRANSP`."""
    said = str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "BUSY")).upper()
    is_transparent = str(event.get("TRANSP", "OPAQUE")).upper() == "TRANSPARENT"
    return not is_transparent and said not in _NOT_BUSY and str(event.get("STATUS", "")).upper() != "CANCELLED"


def _end(event: Component, start: date) -> date:
    """What says when it ends may be of many kinds."""
    said: Any = event.get("DTEND") or event.get("DURATION")
    if said is None:
        return start if isinstance(start, datetime) else start + timedelta(days=1)
    end: date = start + said.dt if isinstance(said.dt, timedelta) else said.dt
    return end


def _of_free_busy(calendar: Component, asked: Asked) -> Iterator[Times]:
    for component in calendar.walk("VFREEBUSY"):
        lines: Any = component.get("FREEBUSY", [])
        for line in lines if isinstance(lines, list) else [lines]:
            if str(line.params.get("FBTYPE", "BUSY")).upper() not in _FREE_TIMES:
                yield from _of_line(line, asked.zone)


def _of_line(line: Any, zone: ZoneInfo) -> Iterator[Times]:
    """A line has one period, or several."""
    for start, end in (each.dt for each in getattr(line, "dts", [line])):
        yield _instant(start, zone), _instant(start + end if isinstance(end, timedelta) else end, zone)


def _instant(when: date, zone: ZoneInfo) -> datetime:
    """A day begins at its midnight."""
    if not isinstance(when, datetime):
        when = datetime.combine(when, time.min)
    return (when if when.tzinfo else when.replace(tzinfo=zone)).astimezone(UTC)

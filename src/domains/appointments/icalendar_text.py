"""Visits as an iCalendar document (RFC 5545), as calendars of others subscribe to it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from domains.appointments.model import Appointment, AppointmentStatus

_MOST_OCTETS = 75
_HOUR = timedelta(hours=1)
_SECOND = timedelta(seconds=1)
_STATUS = {
    AppointmentStatus.SCHEDULED: "TENTATIVE",
    AppointmentStatus.CONFIRMED: "CONFIRMED",
    AppointmentStatus.COMPLETED: "CONFIRMED",
    AppointmentStatus.CANCELLED: "CANCELLED",
    AppointmentStatus.NO_SHOW: "CONFIRMED",
}
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


def calendar_text(name: str, visits: Sequence[Appointment]) -> str:
    """One `VCALENDAR`: a `VTIMEZONE` for each zone of the visits, then a `VEVENT` for each.

    `UID` stays the same for ever, `SEQUENCE` grows with each change, and what was cancelled is told to be so.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Frontdesk//Calendar//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
    ]
    for zone in sorted({visit.timezone for visit in visits}):
        own = [visit for visit in visits if visit.timezone == zone]
        years = min(each.starts_at for each in own).year, max(each.ends_at for each in own).year
        lines += _zone(ZoneInfo(zone), *years)
    for visit in visits:
        lines += _event(visit)
    return "".join(f"{folded}\r\n" for line in [*lines, "END:VCALENDAR"] for folded in _folded(line))


def _event(visit: Appointment) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{visit.id}@frontdesk"
    yield f"DTSTAMP:{_utc(visit.updated_at)}"
    yield f"LAST-MODIFIED:{_utc(visit.updated_at)}"
    yield f"CREATED:{_utc(visit.created_at)}"
    yield f"SEQUENCE:{visit.version - 1}"
    yield _at("DTSTART", visit.starts_at, visit.timezone)
    yield _at("DTEND", visit.ends_at, visit.timezone)
    yield f"SUMMARY:{_text(visit.title)}"
    if visit.location:
        yield f"LOCATION:{_text(visit.location)}"
    yield f"STATUS:{_STATUS[visit.status]}"
    yield f"TRANSP:{'OPAQUE' if visit.is_live else 'TRANSPARENT'}"
    yield "END:VEVENT"


@lru_cache(maxsize=2_000)
def _zone(zone: ZoneInfo, first: int, last: int) -> Sequence[str]:
    """The zone's rules from the year before `first` until the year after `last`. Found once: 600 zones take seconds."""
    return tuple(_rules(zone, datetime(first - 1, 1, 1, tzinfo=UTC), datetime(last + 2, 1, 1, tzinfo=UTC)))


def _rules(zone: ZoneInfo, begin: datetime, end: datetime) -> Iterator[str]:
    """Change by change."""
    name = zone.key
    yield "BEGIN:VTIMEZONE"
    yield f"TZID:{name}"
    for change in [begin, *_changes(zone, begin, end)]:
        before, after = (change - _SECOND).astimezone(zone), change.astimezone(zone)
        kind = "DAYLIGHT" if after.dst() else "STANDARD"
        old = before.utcoffset() or timedelta()
        yield f"BEGIN:{kind}"
        yield f"DTSTART:{_wall((change + old).replace(tzinfo=None))}"
        yield f"TZOFFSETFROM:{_offset(old)}"
        yield f"TZOFFSETTO:{_offset(after.utcoffset() or timedelta())}"
        yield f"TZNAME:{_text(after.tzname() or name)}"
        yield f"END:{kind}"
    yield "END:VTIMEZONE"


def _changes(zone: ZoneInfo, begin: datetime, end: datetime) -> Iterator[datetime]:
    """The instants at which the clocks are changed, found day by day, then by halving."""
    at, step = begin, 24 * _HOUR
    while at < end:
        if at.astimezone(zone).utcoffset() != (at + step).astimezone(zone).utcoffset():
            yield _change_between(zone, at, at + step)
        at += step


def _change_between(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    old = before.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + timedelta(seconds=(after - before) // _SECOND // 2)
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after


def _at(name: str, instant: datetime, zone: str) -> str:
    """In the zone's time; one that is shown twice, the second time, can be told in UTC only."""
    shown = instant.astimezone(ZoneInfo(zone))
    return f"{name}:{_utc(instant)}" if shown.fold else f"{name};TZID={zone}:{_wall(shown)}"


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _wall(shown: datetime) -> str:
    return shown.strftime("%Y%m%dT%H%M%S")


def _offset(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}{abs(minutes) % 60:02d}"


def _text(text: str) -> str:
    return text.translate(_ESCAPED)


def _folded(line: str) -> Iterable[str]:
    """In parts of 75 octets at most, no character cut in two; each but the first begins with a blank."""
    if len(line.encode()) <= _MOST_OCTETS:
        yield line
        return
    part, octets = "", 0
    for character in line:
        size = len(character.encode())
        if octets + size > _MOST_OCTETS:
            yield part
            part, octets = " ", 1
        part, octets = part + character, octets + size
    yield part

"""Visits that come again: RFC 5545 rules, by the clocks of a zone."""

import re
from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from msgspec import Meta

from domains.appointments.spans import sound_instant
from domains.appointments.wall_time import instant_of, shown_at
from domains.shared.errors import ValidationFailed

MOST = 100
"""Visits of one series."""

_FORM = r"^(RRULE:)?FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(;[A-Z]+=[A-Z0-9,+-]+)*$(?!\n)"
RecurrenceRule = Annotated[str, Meta(max_length=200, pattern=_FORM, examples=["FREQ=WEEKLY;COUNT=10"])]

_KNOWN = {
    "FREQ": re.compile(r"DAILY|WEEKLY|MONTHLY|YEARLY"),
    "INTERVAL": re.compile(r"[1-9][0-9]{0,2}"),
    "COUNT": re.compile(r"[1-9][0-9]{0,2}"),
    "UNTIL": re.compile(r"[0-9]{8}(T[0-9]{6}Z?)?"),
    "BYDAY": re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)(,([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU))*"),
    "BYMONTHDAY": re.compile(r"-?([1-9]|[12][0-9]|3[01])(,-?([1-9]|[12][0-9]|3[01]))*"),
    "BYMONTH": re.compile(r"([1-9]|1[0-2])(,([1-9]|1[0-2]))*"),
    "WKST": re.compile(r"MO|TU|WE|TH|FR|SA|SU"),
}


def occurrences(rule: str, first: datetime, zone: ZoneInfo) -> list[datetime]:
    """When the visits of a series begin: at the same time of day by the clocks of `zone`, whatever they are changed to.

    `ValidationFailed` unless the rule ends (by `COUNT` or `UNTIL`), begins with `first`, and makes 2 to 100 visits, the
    last of them in a year that can be booked.
    """
    parts, wall = _parts(rule), shown_at(first, zone)
    try:
        found = list(_walls(parts, wall, zone))
    except (ValueError, OverflowError):
        raise _refused("invalid_format", "This is no rule that can be read.") from None
    if not found or found[0] != wall:
        raise _refused("not_first", "The rule begins with another time than the visit does.")
    if not 1 < len(found) <= MOST:
        raise _refused("out_of_range", f"A series has 2 to {MOST} visits.")
    times = [instant_of(each, zone) for each in found]
    sound_instant(times[-1], "recurrence")
    return times


def _walls(parts: dict[str, str], wall: datetime, zone: ZoneInfo) -> list[datetime]:
    """A hundred and one at most: dateutil counts on by itself."""
    text = ";".join(f"{name}={value}" for name, value in parts.items() if name != "UNTIL")
    last = _until(parts["UNTIL"], zone) if "UNTIL" in parts else None
    found: list[datetime] = []
    for each in rrulestr(text, dtstart=wall):
        if len(found) > MOST or (last is not None and each > last):
            break
        found.append(each)
    return found


def _until(text: str, zone: ZoneInfo) -> datetime:
    """By the clocks of the zone; a bare day counts whole."""
    if "T" not in text:
        return datetime.strptime(f"{text}T235959", "%Y%m%dT%H%M%S")  # noqa: DTZ007 - wall time, as all of a rule's
    found = datetime.strptime(text.removesuffix("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007 - as above
    return shown_at(found.replace(tzinfo=UTC), zone) if text.endswith("Z") else found


def _parts(rule: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in rule.removeprefix("RRULE:").split(";")]
    parts = {name: value for name, _, value in pairs}
    if len(parts) < len(pairs):
        raise _refused("repeated", "Each part of a rule is given once.")
    for name, value in parts.items():
        if name not in _KNOWN or not _KNOWN[name].fullmatch(value):
            raise _refused("invalid_format", f"The part {name[:20]} is not known here, or not with this value.")
    if ("COUNT" in parts) == ("UNTIL" in parts):
        raise _refused("endless", "A rule ends by COUNT or by UNTIL.")
    return parts


def _refused(code: str, message: str) -> ValidationFailed:
    return ValidationFailed.of("recurrence", code, message)

"""Visits that come again: RFC 5545 rules, by the clocks of a zone."""

import re
from calendar import isleap, monthrange
from datetime import UTC, datetime
from itertools import islice
from typing import Annotated
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from msgspec import Meta

from domains.appointments.spans import LAST_YEAR, sound_instant
from domains.appointments.wall_time import instant_of, shown_at
from domains.shared.errors import ValidationFailed

MOST = 100
"""Visits of one series."""

_LAST = datetime(LAST_YEAR, 12, 31, 23, 59, 59)  # noqa: DTZ001 - wall time, as all of a rule's
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
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
        found = _walls(parts, wall, zone) if _fits(parts, wall) else []
    except (ValueError, OverflowError):
        raise _refused("invalid_format", "This is no rule that can be read.") from None
    if not found or found[0] != wall:
        raise _refused("not_first", "The rule begins with another time than the visit does.")
    if not 1 < len(found) <= MOST or len(found) < int(parts.get("COUNT", 0)):
        raise _refused("out_of_range", f"A series has 2 to {MOST} visits, none of them after {LAST_YEAR}.")
    times = [instant_of(each, zone) for each in found]
    sound_instant(times[-1], "recurrence")
    return times


def _walls(parts: dict[str, str], wall: datetime, zone: ZoneInfo) -> list[datetime]:
    """A hundred and one at most."""
    others = ";".join(f"{name}={value}" for name, value in parts.items() if name not in {"UNTIL", "COUNT"})
    last = _until(parts["UNTIL"], zone) if "UNTIL" in parts else _LAST
    if last > _LAST:
        raise _refused("out_of_range", f"A series ends by {LAST_YEAR}.")
    most = min(int(parts.get("COUNT", MOST + 1)), MOST + 1)
    return list(islice(rrulestr(f"{others};UNTIL={last:%Y%m%dT%H%M%S}", dtstart=wall), most))


def _fits(parts: dict[str, str], wall: datetime) -> bool:
    """Whether the rule has this day. For the first day of a rule that has none at all dateutil looks for seconds."""
    months, days, weekdays = (_listed(parts, name) for name in ("BYMONTH", "BYMONTHDAY", "BYDAY"))
    of_month = monthrange(wall.year, wall.month)[1]
    is_counted_by_year = parts["FREQ"] == "YEARLY" and not months
    number, length = (wall.timetuple().tm_yday, 365 + isleap(wall.year)) if is_counted_by_year else (wall.day, of_month)
    name = _WEEKDAYS[wall.weekday()]
    its = {f"{(number - 1) // 7 + 1}{name}", f"{(number - length - 1) // 7}{name}"}
    if parts["FREQ"] in {"DAILY", "WEEKLY"}:
        weekdays = {each[-2:] for each in weekdays}
    plain = weekdays & set(_WEEKDAYS)
    wanted = (
        (months, {str(wall.month)}),
        (days, {str(wall.day), str(wall.day - of_month - 1)}),
        (plain, {name}),
        (weekdays - plain, its),
    )
    return all(not given or given & has for given, has in wanted)


def _listed(parts: dict[str, str], name: str) -> set[str]:
    return {each.removeprefix("+") for each in parts.get(name, "").split(",") if each}


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

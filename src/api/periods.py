"""`?from=` and `?to=`: a stretch of time as a client names it."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
from litestar.params import QueryParameter

from domains.shared.errors import ValidationFailed

_DOCUMENTED = {
    "anyOf": [{"type": "string", "minLength": 10, "maxLength": 35, "format": kind} for kind in ("date", "date-time")],
    "type": "string",
    "minLength": 10,
    "maxLength": 35,
}
Moment = Annotated[
    str,
    msgspec.Meta(
        min_length=10,
        max_length=35,
        description="A date, or an instant with its offset.",
        examples=["2026-11-21"],
        extra_json_schema=_DOCUMENTED,
    ),
]
From = Annotated[Moment | None, QueryParameter(name="from")]
To = Annotated[Moment | None, QueryParameter(name="to")]

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """From `start`, which is in it, to `end`, which is not; `None` is open. Both in UTC."""

    start: datetime | None = None
    end: datetime | None = None


def period(begin: str | None, end: str | None, zone: ZoneInfo, *, names: tuple[str, str] = ("from", "to")) -> Period:
    """A bare date is a day in `zone`, and as an end the whole of it counts. `ValidationFailed` if it ends before.

    `names` are the parameters' own.
    """
    found = Period(start=_instant(names[0], begin, zone, days=0), end=_instant(names[1], end, zone, days=1))
    if found.start and found.end and found.start > found.end:
        raise ValidationFailed.of(names[1], "before_from", "The end must not be before the start.")
    return found


def _instant(name: str, text: str | None, zone: ZoneInfo, *, days: int) -> datetime | None:
    if text is None:
        return None
    try:
        if _DATE.fullmatch(text):
            day = date.fromisoformat(text) + timedelta(days=days)
            return datetime.combine(day, time.min, zone).astimezone(UTC)
        instant: datetime = msgspec.convert(text, Annotated[datetime, msgspec.Meta(tz=True)])
        return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        message = "Expected a date, 2026-11-21, or an instant, 2026-11-21T09:30:00Z."
        raise ValidationFailed.of(name, "invalid_format", message) from None

"""How often a business's people and programs called the API: from when to when, and day by day."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from http import HTTPStatus
from typing import Annotated, Self
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from domains.shared.clock import Timestamp, timestamp
from domains.shared.errors import ValidationFailed
from domains.shared.wire import View

MOST_DAYS = 366
CALLS_KEPT = timedelta(days=400)
_YEARS = range(2000, 2200)
_A_DAY, _A_TICK = timedelta(days=1), timedelta(microseconds=1)
_Count = Annotated[int, Meta(ge=0, le=2**53 - 1)]


class Calls(msgspec.Struct, frozen=True):
    """`refused` were answered with a 4xx, `failed` with a 5xx; both are among `total`, as those `by_keys` are."""

    total: int = 0
    by_keys: int = 0
    refused: int = 0
    failed: int = 0

    def and_one(self, *, status: int, by_key: bool) -> Self:
        has_failed = status >= HTTPStatus.INTERNAL_SERVER_ERROR
        is_refused = status >= HTTPStatus.BAD_REQUEST and not has_failed
        return type(self)(self.total + 1, self.by_keys + by_key, self.refused + is_refused, self.failed + has_failed)

    def and_all(self, other: "Calls") -> Self:
        added = zip(msgspec.structs.astuple(self), msgspec.structs.astuple(other), strict=True)
        return type(self)(*(one + more for one, more in added))


class CallPeriod(msgspec.Struct, frozen=True):
    """The days of the business from `start`, which is in it, to `end`, which is not."""

    start: datetime
    end: datetime
    zone: ZoneInfo

    @classmethod
    def of(cls, start: datetime | None, end: datetime | None, *, zone: ZoneInfo, now: datetime) -> Self:
        """Without an end it is today's, without a start the first of the month. `ValidationFailed` where it is long."""
        for name, instant in (("from", start), ("to", end)):
            if instant is not None and instant.year not in _YEARS:
                raise ValidationFailed.of(name, "out_of_range", "Expected a year from 2000 to 2199.")
        if end is None:
            tomorrow = _midnight(now.astimezone(zone).date() + _A_DAY, zone)
            end = max(start, tomorrow) if start else tomorrow
        if start is None:
            start = _midnight((end - _A_TICK).astimezone(zone).date().replace(day=1), zone)
        if end - start > MOST_DAYS * _A_DAY:
            raise ValidationFailed.of("from", "too_far", f"Expected a period of at most {MOST_DAYS} days.")
        return cls(start, end, zone)

    def days(self) -> Sequence[tuple[date, datetime]]:
        """Each day, and when in the period it begins."""
        found, begins = [], self.start
        while begins < self.end:
            day = begins.astimezone(self.zone).date()
            found.append((day, begins))
            begins = _midnight(day + _A_DAY, self.zone)
        return found


class CallsOfDay(View, frozen=True):
    """The calls of one day of the business."""

    day: date
    total: _Count
    by_keys: _Count
    refused: _Count
    failed: _Count


class CallsView(View, frozen=True):
    """Calls with a credential, `refused` (4xx) and `failed` (5xx) ones among them, and those `byKeys` of the API.

    They are counted by the quarter of an hour, and a few seconds after they were made; days are the business's own.
    """

    starts_at: Timestamp
    ends_at: Timestamp
    total: _Count
    by_keys: _Count
    refused: _Count
    failed: _Count
    days: Annotated[list[CallsOfDay], Meta(max_length=MOST_DAYS + 1)]

    @classmethod
    def of(cls, period: CallPeriod, days: Sequence[Calls]) -> Self:
        """`days` are those of the period, in order."""
        whole = Calls()
        for day in days:
            whole = whole.and_all(day)
        return cls(
            starts_at=timestamp(period.start),
            ends_at=timestamp(period.end),
            **msgspec.structs.asdict(whole),
            days=[
                CallsOfDay(day=name, **msgspec.structs.asdict(calls))
                for (name, _), calls in zip(period.days(), days, strict=True)
            ],
        )


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """When the day begins; where its midnight is skipped, that is when the clock goes on."""
    return datetime.fromtimestamp(datetime.combine(day, time.min, zone).timestamp(), zone)

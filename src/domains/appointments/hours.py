"""When somebody works: by the days of the week, other hours on single days, and time off."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from domains.appointments.changing import take
from domains.appointments.spans import Instant, Span, merged, sound_instant
from domains.appointments.wall_time import at_time_of_day
from domains.shared.errors import FieldError, ValidationFailed
from domains.shared.fields import ONE_LINE
from domains.shared.wire import Command
from domains.tenants import OpeningHours, OpeningPeriod, sound_hours, sound_periods

Periods = Annotated[tuple[OpeningPeriod, ...], Meta(max_length=6)]
_DAYS = OpeningHours.__struct_fields__
_DAY = timedelta(days=1)
_MOST_EXCEPTIONS = 400


class ExceptionalDay(Command, frozen=True):
    """The periods of one day, in place of the week's; none, where nobody works."""

    date: Annotated[date, Meta(examples=["2026-12-24"])]
    periods: Periods = ()


class TimeOff(Command, frozen=True):
    """Time in which somebody is away, whatever the hours say."""

    starts_at: Instant
    ends_at: Annotated[datetime, Meta(tz=True, examples=["2026-11-24T14:00:00.000Z"])]
    reason: Annotated[str, Meta(max_length=200, pattern=ONE_LINE, examples=["Holiday"])] | None = None

    @property
    def span(self) -> Span:
        return Span(self.starts_at, self.ends_at)


class SetHours(Command, frozen=True):
    """All of somebody's hours; those of the business, where `hours` is null."""

    hours: OpeningHours | None = None
    exceptions: Annotated[tuple[ExceptionalDay, ...], Meta(max_length=_MOST_EXCEPTIONS)] = ()


class SetTimeOff(Command, frozen=True):
    """All of somebody's time off, in place of what there was."""

    time_off: Annotated[tuple[TimeOff, ...], Meta(max_length=_MOST_EXCEPTIONS)]


class StaffSchedule(msgspec.Struct, kw_only=True):
    """When one user of the tenant works. It is locked by whoever books that person."""

    user_id: UUID
    hours: OpeningHours | None
    exceptions: tuple[ExceptionalDay, ...]
    time_off: tuple[TimeOff, ...]
    version: int
    created_at: datetime
    updated_at: datetime

    def set_hours(self, order: SetHours, *, now: datetime) -> list[str]:
        """Take these hours, and name what is different. `ValidationFailed` where periods overlap, or a day is twice."""
        hours = sound_hours(order.hours, "hours") if order.hours else None
        return take(self, {"hours": hours, "exceptions": _sound_exceptions(order.exceptions)}, now=now)

    def set_time_off(self, order: SetTimeOff, *, now: datetime) -> list[str]:
        return take(self, {"time_off": _sound_time_off(order.time_off)}, now=now)

    def open_spans(self, bounds: Span, zone: ZoneInfo, usual: OpeningHours) -> tuple[Span, ...]:
        """When the person works around `bounds`, time off not counted; `usual` are the hours of the business."""
        return open_spans(self.hours or usual, self.exceptions, bounds, zone)


def open_spans(
    hours: OpeningHours, exceptions: tuple[ExceptionalDay, ...], bounds: Span, zone: ZoneInfo
) -> tuple[Span, ...]:
    """The hours of all days that `bounds` touches, as instants. What goes on past midnight is one span."""
    return merged(_spans(hours, {each.date: each.periods for each in exceptions}, bounds, zone))


def _spans(
    hours: OpeningHours, exceptional: dict[date, tuple[OpeningPeriod, ...]], bounds: Span, zone: ZoneInfo
) -> Iterator[Span]:
    day, last = bounds.start.astimezone(zone).date() - _DAY, bounds.end.astimezone(zone).date() + _DAY
    while day <= last:
        periods = exceptional[day] if day in exceptional else getattr(hours, _DAYS[day.weekday()])
        for period in periods:
            opens = at_time_of_day(day, period.opens, zone)
            yield Span(opens, at_time_of_day(day, period.closes, zone, last=True))
        day += _DAY


def _sound_exceptions(days: tuple[ExceptionalDay, ...]) -> tuple[ExceptionalDay, ...]:
    seen = [each.date for each in days]
    if faults := [
        FieldError(f"exceptions[{at}].date", "repeated", "Each day is named once.")
        for at, each in enumerate(seen)
        if each in seen[:at]
    ]:
        raise ValidationFailed.all_of(faults)
    kept = (
        ExceptionalDay(date=each.date, periods=sound_periods(each.periods, f"exceptions[{at}].periods"))
        for at, each in enumerate(days)
    )
    return tuple(sorted(kept, key=lambda each: each.date))


def _sound_time_off(away: tuple[TimeOff, ...]) -> tuple[TimeOff, ...]:
    kept: list[TimeOff] = []
    for at, each in enumerate(away):
        starts = sound_instant(each.starts_at, f"timeOff[{at}].startsAt")
        ends = sound_instant(each.ends_at, f"timeOff[{at}].endsAt")
        if ends <= starts:
            raise ValidationFailed.of(f"timeOff[{at}].endsAt", "not_after_start", "It ends after it starts.")
        reason = each.reason.strip() or None if each.reason else None
        kept.append(TimeOff(starts_at=starts, ends_at=ends, reason=reason))
    return tuple(sorted(kept, key=lambda each: each.span))

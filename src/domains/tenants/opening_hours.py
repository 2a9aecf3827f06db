"""When a business is open, by the days of the week, in its own time zone."""

from itertools import pairwise
from typing import Annotated

from msgspec import Meta, structs

from domains.shared.errors import FieldError, ValidationFailed
from domains.shared.wire import Command

TimeOfDay = Annotated[
    str, Meta(max_length=5, pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$(?!\n)", examples=["09:00", "17:30"])
]


class OpeningPeriod(Command, frozen=True):
    """From `opens` until before `closes`, on one day. Past midnight, it is `24:00` here and `00:00` on the next day."""

    opens: TimeOfDay
    closes: Annotated[TimeOfDay, Meta(examples=["17:30"])]


Periods = Annotated[tuple[OpeningPeriod, ...], Meta(max_length=6)]


class OpeningHours(Command, frozen=True):
    """The periods of each day; a day without any is closed."""

    monday: Periods = ()
    tuesday: Periods = ()
    wednesday: Periods = ()
    thursday: Periods = ()
    friday: Periods = ()
    saturday: Periods = ()
    sunday: Periods = ()


def sound_hours(hours: OpeningHours, field: str) -> OpeningHours:
    """The periods of each day in order. `ValidationFailed` where one ends before it begins, or two overlap."""
    days = structs.asdict(hours)
    if faults := [fault for day, periods in days.items() for fault in _faults(periods, f"{field}.{day}")]:
        raise ValidationFailed.all_of(faults)
    return OpeningHours(**{day: tuple(sorted(periods, key=_beginning)) for day, periods in days.items()})


def sound_periods(periods: tuple[OpeningPeriod, ...], field: str) -> tuple[OpeningPeriod, ...]:
    """The periods of one day in order, under the same rules."""
    if faults := _faults(periods, field):
        raise ValidationFailed.all_of(faults)
    return tuple(sorted(periods, key=_beginning))


def _faults(periods: tuple[OpeningPeriod, ...], field: str) -> list[FieldError]:
    backwards = [
        FieldError(f"{field}[{at}].closes", "not_after_opens", "A period closes after it opens.")
        for at, period in enumerate(periods)
        if period.closes <= period.opens
    ]
    order = sorted(periods, key=_beginning)
    overlap = any(later.opens < earlier.closes for earlier, later in pairwise(order))
    if backwards or not overlap:
        return backwards
    return [FieldError(field, "overlapping", "The periods of a day do not overlap.")]


def _beginning(period: OpeningPeriod) -> str:
    return period.opens

"""Stretches of time, and what can be done with many of them."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Annotated

import msgspec

from domains.shared.errors import ValidationFailed

FIRST_YEAR, LAST_YEAR = 2000, 2199
Instant = Annotated[datetime, msgspec.Meta(tz=True, examples=["2026-11-23T14:00:00.000Z"])]
Minutes = Annotated[int, msgspec.Meta(ge=0, le=720, examples=[15])]
"""Up to twelve hours."""


class Span(msgspec.Struct, frozen=True, order=True):
    """From `start`, which is in it, until `end`, which is not."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    def meets(self, other: "Span") -> bool:
        """Whether an instant is in both. Two that touch do not meet."""
        return self.start < other.end and other.start < self.end

    def holds(self, other: "Span") -> bool:
        """Whether the whole of `other` is in it."""
        return self.start <= other.start and other.end <= self.end

    def widened(self, before: timedelta, after: timedelta) -> "Span":
        return Span(self.start - before, self.end + after)


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same instants as spans that neither meet nor touch, in order; empty ones are left out."""
    found: list[Span] = []
    for span in sorted(each for each in spans if each.start < each.end):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return tuple(found)


def within(spans: Iterable[Span], bounds: Span) -> Iterator[Span]:
    """What of `spans` is inside `bounds`."""
    for span in spans:
        if span.meets(bounds):
            yield Span(max(span.start, bounds.start), min(span.end, bounds.end))


def sound_instant(instant: datetime, field: str) -> datetime:
    """The instant in whole milliseconds. `ValidationFailed` unless it is in the years 2000 to 2199."""
    if not FIRST_YEAR < instant.year <= LAST_YEAR:
        raise ValidationFailed.of(field, "out_of_range", f"Expected a time from {FIRST_YEAR + 1} to {LAST_YEAR}.")
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)

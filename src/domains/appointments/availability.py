"""When a visit can begin: hours less time off, and nothing that is booked in its way.

A visit is inside the hours of the person whole. Its blocked time, which is the visit with its buffers, may go beyond
them, and meets no other blocked time: not the person's, nor that of whatever else is needed, of each kind one.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

import msgspec

from domains.appointments.spans import Span, merged


class Reason(StrEnum):
    """Why a visit cannot begin at a time; the first that applies. `nobody`: there is no person who could."""

    TOO_SOON = "too_soon"
    TOO_FAR = "too_far"
    CLOSED = "closed"
    TIME_OFF = "time_off"
    BUSY = "busy"
    BUSY_ELSEWHERE = "busy_elsewhere"
    NO_RESOURCE = "no_resource"
    NOBODY = "nobody"


class Spans:
    """Many spans, looked up by time."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self.all = merged(spans)
        self._starts = [span.start for span in self.all]
        self._ends = [span.end for span in self.all]

    def meet(self, span: Span) -> bool:
        """Whether one of them meets `span`."""
        return self.end_of_first(span) is not None

    def end_of_first(self, span: Span) -> datetime | None:
        """When the first of them ends that meets `span`; None where none does."""
        at = bisect_right(self._ends, span.start)
        return self._ends[at] if at < len(self._ends) and self._starts[at] < span.end else None

    def hold(self, span: Span) -> bool:
        """Whether one of them has all of `span`."""
        at = bisect_right(self._starts, span.start) - 1
        return at >= 0 and self.all[at].end >= span.end


class Person(msgspec.Struct, frozen=True):
    """Who may be booked, and what is known of their time. `elsewhere` comes from other calendars."""

    id: UUID
    hours: Spans
    off: Spans
    busy: Spans
    elsewhere: Spans


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be booked: how long it is, what is kept free around it, and when it may begin."""

    length: timedelta
    before: timedelta
    after: timedelta
    step: timedelta
    earliest: datetime
    latest: datetime

    def from_(self, start: datetime) -> Span:
        return Span(start, start + self.length)

    def blocked(self, start: datetime) -> Span:
        return self.from_(start).widened(self.before, self.after)


class Explained(msgspec.Struct, frozen=True):
    """No visit with the person begins in `span`, because of `reason`; with nobody, where there is no person."""

    person: UUID | None
    span: Span
    reason: Reason


Needs = Sequence[Sequence[Spans]]
"""For each kind that is needed, the blocked times of each resource of that kind."""


def reason_against(person: Person, needs: Needs, visit: Visit, start: datetime) -> Reason | None:
    """Why the visit cannot begin at `start`; None where it can."""
    return next(_reasons_against(person, needs, visit, start), None)


def starts(person: Person, needs: Needs, visit: Visit, bounds: Span) -> Iterator[datetime]:
    """When a visit with the person can begin within `bounds`, in order.

    Times are counted in steps from where the hours begin, in time that passes: a day of 23 hours has fewer of them.
    What is in the way is stepped over whole: it costs what is found and what is in the way, however long `bounds` are.
    """
    for span in person.hours.all:
        last = min(visit.latest, span.end - visit.length)
        start = _step_at(span, visit, max(bounds.start, visit.earliest))
        while start < bounds.end and start <= last:
            later = _earliest_after(person, needs, visit, start)
            if later is None:
                yield start
                start += visit.step
            else:
                start = _step_at(span, visit, later)


def steps(person: Person, visit: Visit, bounds: Span) -> Iterator[datetime]:
    """The steps within `bounds` of all hours of the person, free or not."""
    for span in person.hours.all:
        start = _step_at(span, visit, bounds.start)
        while start < min(span.end, bounds.end):
            yield start
            start += visit.step


def explained(person: Person, needs: Needs, visit: Visit, bounds: Span) -> list[Explained]:
    """Why no visit begins in the rest of `bounds`: each step that is not offered, and all that is outside the hours."""
    found: list[Explained] = []
    for span, reason in _reasons(person, needs, visit, bounds):
        goes_on = found and found[-1].reason is reason and found[-1].span.end == span.start
        begun = found.pop().span.start if goes_on else span.start
        found.append(Explained(person.id, Span(begun, span.end), reason))
    return found


def _step_at(hours: Span, visit: Visit, instant: datetime) -> datetime:
    """The first step of these hours at `instant` or after it."""
    return hours.start + max(0, -((hours.start - instant) // visit.step)) * visit.step


def _earliest_after(person: Person, needs: Needs, visit: Visit, start: datetime) -> datetime | None:
    """Before when no visit begins, where something is in the way of one at `start`; None where nothing is."""
    if end := person.off.end_of_first(visit.from_(start)):
        return end
    blocked = visit.blocked(start)
    if end := person.busy.end_of_first(blocked) or person.elsewhere.end_of_first(blocked):
        return end + visit.before
    for kind in needs:
        ends = [end for each in kind if (end := each.end_of_first(blocked))]
        if len(ends) == len(kind):
            return min(ends) + visit.before if ends else visit.latest + visit.step
    return None


def _reasons_against(person: Person, needs: Needs, visit: Visit, start: datetime) -> Iterator[Reason]:
    """Worked out one by one: most times have a reason, and most of these are an early one."""
    span, blocked = visit.from_(start), visit.blocked(start)
    if start < visit.earliest:
        yield Reason.TOO_SOON
    if start > visit.latest:
        yield Reason.TOO_FAR
    if not person.hours.hold(span):
        yield Reason.CLOSED
    if person.off.meet(span):
        yield Reason.TIME_OFF
    if person.busy.meet(blocked):
        yield Reason.BUSY
    if person.elsewhere.meet(blocked):
        yield Reason.BUSY_ELSEWHERE
    if any(all(each.meet(blocked) for each in kind) for kind in needs):
        yield Reason.NO_RESOURCE


def _reasons(person: Person, needs: Needs, visit: Visit, bounds: Span) -> Iterator[tuple[Span, Reason]]:
    reached = bounds.start
    for start, next_ in pairwise([*steps(person, visit, bounds), bounds.end]):
        if start > reached:
            yield Span(reached, start), Reason.CLOSED
        reached = min(start + visit.step, next_)
        if reason := reason_against(person, needs, visit, start):
            yield Span(start, reached), reason
    if reached < bounds.end:
        yield Span(reached, bounds.end), Reason.CLOSED

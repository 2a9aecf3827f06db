"""Times that are free in place of one that is taken, worked out from what was looked at to find that it is."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from domains.appointments.availability import Person, Spans, Visit, reason_against, steps
from domains.appointments.commitments import Elsewhere, Taken
from domains.appointments.hours import StaffSchedule
from domains.appointments.ports import BusinessTime
from domains.appointments.spans import Span

MOST = 3
_LATEST = datetime.max.replace(tzinfo=UTC)


class Alternatives(msgspec.Struct, frozen=True, kw_only=True):
    """What is known around a time: who might serve, what of each kind is needed, and what is taken of them."""

    span: Span
    blocked: Span
    around: Span
    people: Sequence[StaffSchedule]
    needs: Sequence[Sequence[UUID]]
    taken: Sequence[Taken]
    elsewhere: Sequence[Elsewhere]
    business: BusinessTime
    now: datetime

    def nearest(self) -> list[datetime]:
        """When the visit could begin instead, within people's hours: three at most, in order."""
        before, after = self.span.start - self.blocked.start, self.blocked.end - self.span.end
        visit = Visit(length=self.span.length, before=before, after=after, step=self.business.policy.step,
                      earliest=self.now, latest=_LATEST)  # fmt: skip
        bounds = Span(self.around.start + before, self.around.end - self.span.length - after)
        needs = [[self._busy(each) for each in kind] for kind in self.needs]
        tried = [(at, each) for each in map(self._person, self.people) for at in steps(each, visit, bounds)]
        tried.sort(key=lambda each: (abs(each[0] - self.span.start), each[0]))
        found: set[datetime] = set()
        for at, person in tried:
            if len(found) < MOST and reason_against(person, needs, visit, at) is None:
                found.add(at)
        return sorted(found)

    def _person(self, schedule: StaffSchedule) -> Person:
        hours = schedule.open_spans(self.around, ZoneInfo(self.business.zone), self.business.hours)
        off = [each.span for each in schedule.time_off]
        elsewhere = [each.span for each in self.elsewhere if each.person == schedule.user_id]
        return Person(schedule.user_id, Spans(hours), Spans(off), self._busy(schedule.user_id), Spans(elsewhere))

    def _busy(self, holder: UUID) -> Spans:
        return Spans([each.span for each in self.taken if each.holder == holder])

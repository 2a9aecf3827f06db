"""What lies ahead of a service: who and what might serve, and, stretch by stretch, when they could."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from domains.appointments.availability import Person, Spans, Visit
from domains.appointments.catalogue import BookableResource, Service
from domains.appointments.commitments import Commitments
from domains.appointments.hours import StaffSchedule
from domains.appointments.offers import Offer
from domains.appointments.ports import BusinessTime, Calendar
from domains.appointments.spans import Span

_DAYS_AT_ONCE = 140
_DAY = timedelta(days=1)


class Prospect(msgspec.Struct, frozen=True):
    """A service at a time, and all who and that might serve it. What they have to do is looked at stretch by stretch.

    With `locked`, nobody else books them until the work ends.
    """

    calendar: Calendar
    service: Service
    business: BusinessTime
    people: Sequence[StaffSchedule]
    resources: Sequence[BookableResource]
    now: datetime

    @classmethod
    async def of(
        cls,
        calendar: Calendar,
        service: Service,
        business: BusinessTime,
        staff: Collection[UUID],
        *,
        now: datetime,
        locked: bool = False,
    ) -> Self:
        people = await calendar.schedules(staff, locked=locked)
        resources = await calendar.resources(service.resource_kinds, locked=locked)
        return cls(calendar, service, business, people, resources, now)

    @property
    def days_at_once(self) -> int:
        """How many days are looked at at once: few, where many people might serve."""
        return max(1, _DAYS_AT_ONCE // max(1, len(self.people)))

    def stretches(self, bounds: Span) -> Iterator[Span]:
        """`bounds` in parts of so many days."""
        start, length = bounds.start, self.days_at_once * _DAY
        while start < bounds.end:
            yield Span(start, min(start + length, bounds.end))
            start += length

    async def offer(self, bounds: Span, *, but: Collection[UUID] = ()) -> Offer:
        """What is offered within `bounds`, the visits and holds `but` left out."""
        reach = bounds.widened(self.service.before, self.service.length + self.service.after)
        holders = [each.user_id for each in self.people] + [each.id for each in self.resources]
        found = await self.calendar.commitments(holders, reach, but=but)
        taken, elsewhere = self._taken(found), _elsewhere(found)
        kinds = [[each for each in self.resources if each.kind == kind] for kind in self.service.resource_kinds]
        people = [self._person(each, reach, taken[each.user_id], elsewhere[each.user_id]) for each in self.people]
        return Offer(self._visit, people, [[Spans(taken[each.id]) for each in kind] for kind in kinds])

    @property
    def _visit(self) -> Visit:
        service, policy = self.service, self.business.policy
        return Visit(length=service.length, before=service.before, after=service.after, step=policy.step,
                     earliest=policy.earliest(self.now), latest=policy.latest(self.now))  # fmt: skip

    def _taken(self, found: Commitments) -> Mapping[UUID, list[Span]]:
        taken = defaultdict[UUID, list[Span]](list)
        for each in found.taken:
            if not each.is_over(self.now):
                taken[each.holder].append(each.span)
        return taken

    def _person(self, schedule: StaffSchedule, reach: Span, busy: list[Span], elsewhere: list[Span]) -> Person:
        return Person(
            id=schedule.user_id,
            hours=Spans(schedule.open_spans(reach, ZoneInfo(self.business.zone), self.business.hours)),
            off=Spans([each.span for each in schedule.time_off if each.span.meets(reach)]),
            busy=Spans(busy),
            elsewhere=Spans(elsewhere),
        )


def _elsewhere(found: Commitments) -> Mapping[UUID, list[Span]]:
    elsewhere = defaultdict[UUID, list[Span]](list)
    for each in found.elsewhere:
        elsewhere[each.person].append(each.span)
    return elsewhere

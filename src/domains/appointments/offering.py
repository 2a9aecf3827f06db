"""What is offered: the times at which a service can be booked."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from msgspec import UNSET

from domains.appointments.availability import Explained, Needs, Person, Spans, Visit, explained, starts
from domains.appointments.catalogue import Service
from domains.appointments.hours import StaffSchedule
from domains.appointments.ports import BusinessTime, Calendar, Services, Taken
from domains.appointments.spans import Span
from domains.appointments.views import AvailabilityView, ExplanationView, SlotView
from domains.shared.actor import Actor
from domains.shared.clock import Clock, timestamp
from domains.shared.errors import ValidationFailed
from domains.shared.permissions import Permission
from domains.shared.work import UnitOfWork

_FARTHEST = timedelta(days=62)
_USUAL = timedelta(days=7)


class AskAvailability(msgspec.Struct, frozen=True, kw_only=True):
    """For which service, when, with whom, and whether to say why the rest is not offered."""

    service_id: UUID
    start: datetime | None = None
    end: datetime | None = None
    staff_id: UUID | None = None
    explain: bool = False


class Offering:
    """Offers times."""

    def __init__(self, actor: Actor, calendar: Calendar, services: Services, clock: Clock, work: UnitOfWork) -> None:
        self.actor = actor
        self.calendar = calendar
        self.services = services
        self.clock = clock
        self.work = work

    async def available(self, asked: AskAvailability) -> AvailabilityView:
        """Show when a service can be booked, and with whom.

        - Times are within people's hours, in steps from where these begin, and not within their time off.
        - Nothing that is booked meets the visit with its buffers, and of each kind of resource that it needs, one is
          free.
        - The business's policy says how soon and how far ahead. Without `from` it is from now on, without `to` for
          seven days; 62 days at most.
        - With `explain=true` each other time is explained, for each person.
        """
        self.actor.must(Permission.APPOINTMENTS_READ)
        bounds = _bounds(asked, self.clock.now())
        async with self.work:
            service = await self.services.current(asked.service_id)
            business = await self.calendar.business_time()
            staff = [each for each in service.staff_ids if asked.staff_id in (None, each)]
            schedules = await self.calendar.schedules(staff, locked=False)
            resources = await self.calendar.resources(service.resource_kinds, locked=False)
            holders = [each.user_id for each in schedules] + [each.id for each in resources]
            reach = bounds.widened(service.before, service.length + service.after)
            taken = await self.calendar.taken(holders, reach)
        people = [_person(each, taken, reach, business) for each in schedules]
        needs = [
            [Spans(_of(each.id, taken)) for each in resources if each.kind == kind] for kind in service.resource_kinds
        ]
        return _shown(people, needs, visit_of(service, business, self.clock.now()), bounds, business, asked.explain)


def visit_of(service: Service, business: BusinessTime, now: datetime) -> Visit:
    """What the service takes, under the business's policy."""
    return Visit(
        length=service.length,
        before=service.before,
        after=service.after,
        step=business.policy.step,
        earliest=business.policy.earliest(now),
        latest=business.policy.latest(now),
    )


def _bounds(asked: AskAvailability, now: datetime) -> Span:
    start = asked.start or now
    end = asked.end or start + _USUAL
    if end <= start:
        raise ValidationFailed.of("to", "before_from", "The end must not be before the start.")
    if end - start > _FARTHEST:
        raise ValidationFailed.of("to", "too_far", "At most 62 days can be asked for at once.")
    return Span(start, end)


def _person(schedule: StaffSchedule, taken: Sequence[Taken], reach: Span, business: BusinessTime) -> Person:
    return Person(
        id=schedule.user_id,
        hours=Spans(schedule.open_spans(reach, ZoneInfo(business.zone), business.hours)),
        off=Spans([each.span for each in schedule.time_off]),
        busy=Spans(_of(schedule.user_id, taken)),
        elsewhere=Spans(()),
    )


def _of(holder: UUID, taken: Sequence[Taken]) -> list[Span]:
    return [each.span for each in taken if each.holder == holder]


def _shown(
    people: Sequence[Person], needs: Needs, visit: Visit, bounds: Span, business: BusinessTime, explain: bool
) -> AvailabilityView:
    found: dict[datetime, list[UUID]] = {}
    for person in people:
        for start in starts(person, needs, visit, bounds):
            found.setdefault(start, []).append(person.id)
    slots = [
        SlotView(starts_at=timestamp(start), ends_at=timestamp(start + visit.length), staff_ids=sorted(found[start]))
        for start in sorted(found)
    ]
    why = [_explanation(each) for person in people if explain for each in explained(person, needs, visit, bounds)]
    return AvailabilityView(timezone=business.zone, slots=slots, explanations=why if explain else UNSET)


def _explanation(each: Explained) -> ExplanationView:
    return ExplanationView(
        staff_id=each.person,
        starts_at=timestamp(each.span.start),
        ends_at=timestamp(each.span.end),
        reason=each.reason,
    )

"""What is offered: the times at which a service can be booked."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from msgspec import UNSET

from domains.appointments.availability import (
    Explained,
    Needs,
    Person,
    Reason,
    Spans,
    Visit,
    explained,
    reason_against,
    starts,
)
from domains.appointments.catalogue import BookableResource, Service
from domains.appointments.commitments import Commitments, Elsewhere, Taken
from domains.appointments.errors import OutsideHours, SlotTaken
from domains.appointments.hours import StaffSchedule
from domains.appointments.placing import Placed
from domains.appointments.ports import BusinessTime, Calendar, Services
from domains.appointments.spans import Span, sound_instant
from domains.appointments.views import AvailabilityView, ExplanationView, SlotView
from domains.shared.actor import Actor
from domains.shared.clock import Clock, timestamp
from domains.shared.errors import NotFound, ValidationFailed
from domains.shared.permissions import Permission
from domains.shared.work import UnitOfWork

_FARTHEST = timedelta(days=62)
_USUAL = timedelta(days=7)
_IS_TAKEN = frozenset({Reason.BUSY, Reason.BUSY_ELSEWHERE, Reason.NO_RESOURCE})


class AskAvailability(msgspec.Struct, frozen=True, kw_only=True):
    """For which service, when, with whom, and whether to say why the rest is not offered."""

    service_id: UUID
    start: datetime | None = None
    end: datetime | None = None
    staff_id: UUID | None = None
    explain: bool = False

    def bounds(self, now: datetime) -> Span:
        """`ValidationFailed` where they end before they begin, are more than 62 days apart, or out of all range."""
        start = sound_instant(self.start, "from") if self.start else now
        end = sound_instant(self.end, "to") if self.end else start + _USUAL
        if end <= start:
            raise ValidationFailed.of("to", "before_from", "The end must not be before the start.")
        if end - start > _FARTHEST:
            raise ValidationFailed.of("to", "too_far", "At most 62 days can be asked for at once.")
        return Span(start, end)


class Offer(msgspec.Struct, frozen=True):
    """A service under a policy, those who carry it out, and what it needs beside them."""

    visit: Visit
    people: Sequence[Person]
    needs: Needs

    def shown(self, bounds: Span, business: BusinessTime, *, explain: bool) -> AvailabilityView:
        found: dict[datetime, list[UUID]] = {}
        for person in self.people:
            for start in starts(person, self.needs, self.visit, bounds):
                found.setdefault(start, []).append(person.id)
        slots = [
            SlotView(starts_at=timestamp(at), ends_at=timestamp(at + self.visit.length), staff_ids=sorted(found[at]))
            for at in sorted(found)
        ]
        why = [_explanation(each) for each in self._explained(bounds)] if explain else UNSET
        return AvailabilityView(timezone=business.zone, slots=slots, explanations=why)

    def _explained(self, bounds: Span) -> Iterator[Explained]:
        for person in self.people:
            yield from explained(person, self.needs, self.visit, bounds)
        if not self.people:
            yield Explained(None, bounds, Reason.NOBODY)

    def chosen(self, start: datetime) -> UUID:
        """Whoever has the least to do of those who can begin at `start`.

        Raises `SlotTaken` where somebody could but for what is booked, else `OutsideHours`.
        """
        moment = Span(start, start + timedelta(milliseconds=1))
        able = [each for each in self.people if start in starts(each, self.needs, self.visit, moment)]
        if able:
            return min(able, key=lambda each: (len(each.busy.all), each.id)).id
        if any(reason_against(each, self.needs, self.visit, start) in _IS_TAKEN for each in self.people):
            raise SlotTaken("This time has been taken.")
        raise OutsideHours("This time is not offered.")


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
        - Nothing that is booked meets the visit with its buffers, nor anything in a calendar that is imported; and of
          each kind of resource that it needs, one is free.
        - The business's policy says how soon and how far ahead. Without `from` it is from now on, without `to` for
          seven days; 62 days at most.
        - With `explain=true` each other time is explained, for each person; all of it at once where there is nobody who
          could be booked.
        """
        self.actor.must(Permission.APPOINTMENTS_READ)
        async with self.work:
            service = await self.services.current(asked.service_id)
            return await availability(self.calendar, service, asked, now=self.clock.now())


class _Known(msgspec.Struct, frozen=True):
    """Who and what might serve, and what they have to do already."""

    people: Sequence[StaffSchedule]
    resources: Sequence[BookableResource]
    commitments: Commitments


async def availability(
    calendar: Calendar, service: Service, asked: AskAvailability, *, now: datetime
) -> AvailabilityView:
    """What is offered of `service`, in the work under way."""
    bounds, business = asked.bounds(now), await calendar.business_time()
    staff = [each for each in service.staff_ids if asked.staff_id in (None, each)]
    people = await calendar.schedules(staff, locked=False)
    reach = bounds.widened(service.before, service.length + service.after)
    known = await _known(calendar, service, people, reach)
    return _offer(service, business, known, reach, now).shown(bounds, business, explain=asked.explain)


async def choose_offered(
    calendar: Calendar, visit: Placed, service: Service, business: BusinessTime, *, now: datetime
) -> None:
    """Give `visit` a person with whom its time is offered; all who might serve it are locked.

    Raises `NotFound` for a person who does not carry the service out, `SlotTaken` and `OutsideHours`.
    """
    if visit.staff_id not in (None, *service.staff_ids):
        raise NotFound.one("user")
    people = await calendar.schedules((visit.staff_id,) if visit.staff_id else service.staff_ids, locked=True)
    reach = visit.span.widened(service.before, service.length + service.after)
    known = await _known(calendar, service, people, reach, but=visit.id, locked=True)
    visit.staff_id = _offer(service, business, known, reach, now).chosen(visit.starts_at)


async def bookable_online(services: Services, service_id: UUID) -> Service:
    """The service, where it is one for customers. Raises `NotFound`."""
    service = await services.current(service_id)
    if not service.bookable_online:
        raise NotFound.one("service")
    return service


def _visit_of(service: Service, business: BusinessTime, now: datetime) -> Visit:
    """What the service takes, under the business's policy."""
    return Visit(
        length=service.length,
        before=service.before,
        after=service.after,
        step=business.policy.step,
        earliest=business.policy.earliest(now),
        latest=business.policy.latest(now),
    )


async def _known(
    calendar: Calendar,
    service: Service,
    people: Sequence[StaffSchedule],
    reach: Span,
    *,
    but: UUID | None = None,
    locked: bool = False,
) -> _Known:
    resources = await calendar.resources(service.resource_kinds, locked=locked)
    holders = [each.user_id for each in people] + [each.id for each in resources]
    return _Known(people, resources, await calendar.commitments(holders, reach, but=(but,) if but else ()))


def _offer(service: Service, business: BusinessTime, known: _Known, reach: Span, now: datetime) -> Offer:
    taken = [each for each in known.commitments.taken if not each.is_over(now)]
    return Offer(
        _visit_of(service, business, now),
        [_person(each, taken, known.commitments.elsewhere, reach, business) for each in known.people],
        [
            [Spans(_of(each.id, taken)) for each in known.resources if each.kind == kind]
            for kind in service.resource_kinds
        ],
    )


def _person(
    schedule: StaffSchedule, taken: Sequence[Taken], elsewhere: Sequence[Elsewhere], reach: Span, business: BusinessTime
) -> Person:
    return Person(
        id=schedule.user_id,
        hours=Spans(schedule.open_spans(reach, ZoneInfo(business.zone), business.hours)),
        off=Spans([each.span for each in schedule.time_off]),
        busy=Spans(_of(schedule.user_id, taken)),
        elsewhere=Spans([each.span for each in elsewhere if each.person == schedule.user_id]),
    )


def _of(holder: UUID, taken: Sequence[Taken]) -> list[Span]:
    return [each.span for each in taken if each.holder == holder]


def _explanation(each: Explained) -> ExplanationView:
    return ExplanationView(
        staff_id=each.person,
        starts_at=timestamp(each.span.start),
        ends_at=timestamp(each.span.end),
        reason=each.reason,
    )

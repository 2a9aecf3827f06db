"""Finding a place for a visit: who carries it out, and with what."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from domains.appointments.alternatives import Alternatives
from domains.appointments.availability import Spans
from domains.appointments.catalogue import BookableResource, Service
from domains.appointments.commitments import Taken
from domains.appointments.errors import SlotTaken
from domains.appointments.hold_events import HoldExpired
from domains.appointments.hours import StaffSchedule
from domains.appointments.ports import BusinessTime, Calendar
from domains.appointments.spans import Span
from domains.shared.errors import Conflict, NotFound
from domains.shared.work import UnitOfWork

_HALF_A_DAY = timedelta(hours=12)


class Placed(Protocol):
    """A visit, or a hold in place of one: what it is given when it finds its place."""

    id: UUID
    starts_at: datetime
    staff_id: UUID | None
    resource_ids: tuple[UUID, ...]

    @property
    def span(self) -> Span: ...

    @property
    def blocked(self) -> Span: ...


class Placing:
    """Gives a visit its person and its resources.

    All that might serve it is locked first, in one order for everybody: whoever comes at the same time waits, and then
    sees what was taken.
    """

    def __init__(self, calendar: Calendar, work: UnitOfWork) -> None:
        self.calendar = calendar
        self.work = work

    async def place(
        self,
        visit: Placed,
        service: Service | None,
        business: BusinessTime,
        *,
        now: datetime,
        instead_of: Collection[UUID] = (),
    ) -> None:
        """Choose for `visit`; raise `SlotTaken` where somebody or something that it needs is not free.

        - A person who is named is taken, hours or not. Else, of those of the service who are free, one who works then
          and is not busy elsewhere comes first, then whoever has the least to do around that time.
        - A service whose people are all gone is a `Conflict`; one that nobody carries out has no person.
        - What `instead_of` names is not in its way, nor is a hold that is over: it is removed.
        - Of each kind of resource that the service needs, one that is free is taken; one that it has already comes
          first.
        """
        named = visit.staff_id
        people = await self.calendar.schedules(_candidates(named, service), locked=True)
        if named and not people:
            raise NotFound.one("user")
        resources = await self.calendar.resources(_kinds(service), locked=True)
        holders = [each.user_id for each in people] + [each.id for each in resources]
        around = _around(visit.blocked)
        found = await self.calendar.commitments(holders, around, but=(visit.id, *instead_of))
        needs = [[each.id for each in resources if each.kind == kind] for kind in _kinds(service)]
        known = Alternatives(span=visit.span, blocked=visit.blocked, around=around, people=people, needs=needs,
                             taken=await self._good(found.taken, now), elsewhere=found.elsewhere, business=business,
                             now=now)  # fmt: skip
        try:
            _choose(visit, service, resources, known)
        except SlotTaken as refusal:
            refusal.instead = known.nearest
            raise

    async def _good(self, taken: Sequence[Taken], now: datetime) -> Sequence[Taken]:
        over = {each.blocker for each in taken if each.is_over(now)}
        await end_holds(self.calendar, self.work, over)
        return [each for each in taken if each.blocker not in over]


async def end_holds(calendar: Calendar, work: UnitOfWork, over: Collection[UUID]) -> None:
    """Remove holds whose time is over."""
    for each in await calendar.let_go(over):
        if each.of_visitor:
            work.record(HoldExpired(subject=each.id))


def _choose(visit: Placed, service: Service | None, resources: Sequence[BookableResource], known: Alternatives) -> None:
    named = visit.staff_id
    in_the_way = {each.holder: each.blocker for each in known.taken if each.span.meets(visit.blocked)}
    if named and named in in_the_way:
        raise SlotTaken("This person has another visit then.", conflicts_with=in_the_way[named])
    if service and service.staff_ids and not named:
        visit.staff_id = _chosen(visit, known, in_the_way)
    visit.resource_ids = _resources(visit, service, resources, in_the_way)


def _kinds(service: Service | None) -> Sequence[str]:
    return service.resource_kinds if service else ()


def _resources(
    visit: Placed, service: Service | None, resources: Sequence[BookableResource], in_the_way: Mapping[UUID, UUID]
) -> tuple[UUID, ...]:
    present, chosen = set(visit.resource_ids), []
    for kind in _kinds(service):
        of_kind = [each.id for each in resources if each.kind == kind]
        free = [each for each in of_kind if each not in in_the_way]
        if not free:
            first = _first(of_kind, in_the_way)
            raise SlotTaken(f"Everything of the kind {kind} is taken then.", conflicts_with=first)
        chosen.append(min(free, key=lambda each: (each not in present, each)))
    return tuple(sorted(chosen))


def _candidates(named: UUID | None, service: Service | None) -> Sequence[UUID]:
    if named:
        return (named,)
    return service.staff_ids if service else ()


def _around(span: Span) -> Span:
    """Twelve hours to both sides: what somebody has to do around that time."""
    middle = span.start + span.length / 2
    half = max(span.length / 2, _HALF_A_DAY)
    return Span(middle - half, middle + half)


def _chosen(visit: Placed, known: Alternatives, in_the_way: Mapping[UUID, UUID]) -> UUID:
    if not known.people:
        raise Conflict("Nobody who carries out this service can be booked at present.")
    free = [each for each in known.people if each.user_id not in in_the_way]
    if not free:
        first = _first([each.user_id for each in known.people], in_the_way)
        raise SlotTaken("Nobody who carries out this service is free then.", conflicts_with=first)
    busy = [each.holder for each in known.taken]
    elsewhere = {each.person for each in known.elsewhere if visit.blocked.meets(each.span)}

    def preference(each: StaffSchedule) -> tuple[bool, int, UUID]:
        is_away = each.user_id in elsewhere or not works_at(each, visit.span, known.business)
        return is_away, busy.count(each.user_id), each.user_id

    return min(free, key=preference).user_id


def _first(holders: Sequence[UUID], in_the_way: Mapping[UUID, UUID]) -> UUID | None:
    return next((in_the_way[each] for each in holders if each in in_the_way), None)


def works_at(schedule: StaffSchedule, span: Span, business: BusinessTime) -> bool:
    """Whether the person works all through `span`."""
    hours = Spans(schedule.open_spans(span, ZoneInfo(business.zone), business.hours))
    return hours.hold(span) and not any(each.span.meets(span) for each in schedule.time_off)

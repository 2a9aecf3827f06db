"""Finding a place for a visit: who carries it out, and with what."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from domains.appointments.availability import Spans
from domains.appointments.catalogue import Service
from domains.appointments.errors import SlotTaken
from domains.appointments.hours import StaffSchedule
from domains.appointments.model import Appointment
from domains.appointments.ports import BusinessTime, Calendar, Taken
from domains.appointments.spans import Span
from domains.shared.errors import NotFound

_HALF_A_DAY = timedelta(hours=12)


class Placing:
    """Gives a visit its person and its resources.

    All that might serve it is locked first, in one order for everybody: whoever comes at the same time waits, and then
    sees what was taken.
    """

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar

    async def place(self, visit: Appointment, service: Service | None, business: BusinessTime) -> None:
        """Choose for `visit`; raise `SlotTaken` where somebody or something that it needs is not free.

        - A person who is named is taken, hours or not. Else, of those of the service who are free, one who works then
          and is not busy elsewhere comes first, then whoever has the least to do around that time.
        - Of each kind of resource that the service needs, one that is free is taken; one that it has already comes
          first.
        """
        named = visit.staff_id
        people = await self.calendar.schedules(_candidates(named, service), locked=True)
        if named and not people:
            raise NotFound.one("user")
        resources = await self.calendar.resources(service.resource_kinds if service else (), locked=True)
        holders = [each.user_id for each in people] + [each.id for each in resources]
        around = _around(visit.blocked)
        taken = await self.calendar.taken(holders, around, but=visit.id) if holders else ()
        in_the_way = {each.holder: each.visit for each in taken if each.span.meets(visit.blocked)}
        if named and named in in_the_way:
            raise SlotTaken("This person has another visit then.", conflicts_with=in_the_way[named])
        if people and not named:
            free = [each for each in people if each.user_id not in in_the_way]
            elsewhere = await self.calendar.elsewhere([each.user_id for each in free], visit.blocked)
            visit.staff_id = _chosen(visit, free, taken, {each.person for each in elsewhere}, business)
        present, chosen = set(visit.resource_ids), []
        for kind in service.resource_kinds if service else ():
            free_ones = [each.id for each in resources if each.kind == kind and each.id not in in_the_way]
            if not free_ones:
                raise SlotTaken(f"Everything of the kind {kind} is taken then.")
            chosen.append(min(free_ones, key=lambda each: (each not in present, each)))
        visit.resource_ids = tuple(sorted(chosen))


def _candidates(named: UUID | None, service: Service | None) -> Sequence[UUID]:
    if named:
        return (named,)
    return service.staff_ids if service else ()


def _around(span: Span) -> Span:
    """Twelve hours to both sides: what somebody has to do around that time."""
    middle = span.start + span.length / 2
    half = max(span.length / 2, _HALF_A_DAY)
    return Span(middle - half, middle + half)


def _chosen(
    visit: Appointment,
    free: Sequence[StaffSchedule],
    taken: Sequence[Taken],
    elsewhere: Collection[UUID],
    business: BusinessTime,
) -> UUID:
    if not free:
        raise SlotTaken("Nobody who carries out this service is free then.")
    busy = [each.holder for each in taken]

    def preference(each: StaffSchedule) -> tuple[bool, int, UUID]:
        is_away = each.user_id in elsewhere or not works_at(each, visit.span, business)
        return is_away, busy.count(each.user_id), each.user_id

    return min(free, key=preference).user_id


def works_at(schedule: StaffSchedule, span: Span, business: BusinessTime) -> bool:
    """Whether the person works all through `span`."""
    hours = Spans(schedule.open_spans(span, ZoneInfo(business.zone), business.hours))
    return hours.hold(span) and not any(each.span.meets(span) for each in schedule.time_off)

"""The calendar of the demo tenant: what it offers, and visits from tomorrow on."""

from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from domains.appointments.catalogue import CreateResource, CreateService
from domains.appointments.hours import SetHours
from domains.appointments.imported_calendars import Found, ImportCalendar, Wanted
from domains.appointments.model import BookAppointment
from domains.appointments.online import BookOnline
from domains.appointments.spans import Span
from domains.appointments.waiting import JoinWaitingList
from domains.appointments.wall_time import instant_of
from domains.tenants import OpeningHours, OpeningPeriod

_WORKDAY = (OpeningPeriod(opens="08:00", closes="12:00"), OpeningPeriod(opens="13:00", closes="17:00"))
HOURS = SetHours(
    hours=OpeningHours(monday=_WORKDAY, tuesday=_WORKDAY, wednesday=_WORKDAY, thursday=_WORKDAY, friday=_WORKDAY[:1])
)
VAN = CreateResource(name="Van 1", kind="van")
ELSEWHERE = ImportCalendar(url="https://calendar.invalid/private-demo/basic.ics")
"""Where nobody answers, ever (RFC 2606)."""
_HOURS_OF_DAY = (8, 10, 13)


def services(staff: UUID) -> tuple[CreateService, ...]:
    """What the plumber does."""
    return (
        CreateService(
            name="Boiler inspection",
            duration_minutes=60,
            buffer_after=30,
            price=12_900,
            staff_ids=(staff,),
            bookable_online=True,
        ),
        CreateService(
            name="Pipe repair",
            duration_minutes=120,
            buffer_before=15,
            buffer_after=30,
            price=28_000,
            staff_ids=(staff,),
            resource_kinds=("van",),
        ),
    )


def visits(customers: list[UUID], service: UUID, *, now: datetime, zone: str) -> list[BookAppointment]:
    """A visit of each customer: three a day, from tomorrow on."""
    first = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    found = []
    for number, customer in enumerate(customers):
        day = first + timedelta(days=number // len(_HOURS_OF_DAY))
        wall = datetime.combine(day, time(_HOURS_OF_DAY[number % len(_HOURS_OF_DAY)]))
        starts = instant_of(wall, ZoneInfo(zone))
        found.append(BookAppointment(customer_id=customer, service_id=service, starts_at=starts))
    return found


def online(service: UUID, starts: datetime, *, name: str, email: str) -> BookOnline:
    """What a customer books without an account."""
    return BookOnline(service_id=service, starts_at=starts, name=name, email=email, notes="The dog is friendly.")


def waiting(customer: UUID, visit: BookAppointment, service: UUID) -> JoinWaitingList:
    """Somebody who would come in the hour of `visit`, if it became free."""
    until = visit.starts_at + timedelta(hours=1)
    return JoinWaitingList(customer_id=customer, service_id=service, from_at=visit.starts_at, until_at=until)


class KeptCalendar:
    """A `CalendarSource` that has these times, whatever it is asked for."""

    def __init__(self, busy: tuple[Span, ...]) -> None:
        self._found = Found(busy)

    async def read(self, wanted: Wanted) -> Found:  # noqa: ARG002 - the port's
        return self._found


def busy_elsewhere(now: datetime, zone: str) -> tuple[Span, ...]:
    """The owner's own afternoons: half past three to half past four, on each of the next ten days."""
    first = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    afternoons = (datetime.combine(first + timedelta(days=number), time(15, 30)) for number in range(10))
    begins = (instant_of(wall, ZoneInfo(zone)) for wall in afternoons)
    return tuple(Span(at, at + timedelta(hours=1)) for at in begins)

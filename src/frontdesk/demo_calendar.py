"""The demo tenant's calendar: filled by the same use cases as any other, by staff and by customers."""

from datetime import datetime
from uuid import UUID

from dishka import AsyncContainer

from domains.appointments import (
    AskAvailability,
    Booking,
    Calendar,
    CalendarFetching,
    CalendarImporting,
    CalendarShelf,
    Holding,
    HoldTime,
    OnlineBooking,
    ResourceKeeping,
    ScheduleKeeping,
    ServiceKeeping,
    WaitingKeeping,
)
from domains.appointments.demo import (
    ELSEWHERE,
    HOURS,
    VAN,
    KeptCalendar,
    busy_elsewhere,
    online,
    services,
    visits,
    waiting,
)
from domains.customers.demo import CUSTOMERS
from domains.identity import Admission
from domains.shared.clock import Clock, TenantZone
from domains.shared.work import UnitOfWork

_VISITOR = "demo"


async def fill_calendar(scope: AsyncContainer, admission: Admission, customers: list[UUID]) -> None:
    """Offer services, book a visit of each customer, and let some wait."""
    schedules, catalogue = await scope.get(ScheduleKeeping), await scope.get(ServiceKeeping)
    await schedules.set_hours(admission.user, HOURS, expected=None)
    await (await scope.get(ResourceKeeping)).create(VAN)
    inspection, *_ = [await catalogue.create(order) for order in services(admission.user)]
    now, booking = (await scope.get(Clock)).now(), await scope.get(Booking)
    zone = (await (await scope.get(TenantZone)).zone()).key
    orders = visits(customers, inspection.id, now=now, zone=zone)
    booked = [await booking.book(order) for order in orders]
    waiting_list = await scope.get(WaitingKeeping)
    for customer, order in zip(reversed(customers), orders[:2], strict=False):
        await waiting_list.join(waiting(customer, order, inspection.id))
    await booking.cancel(booked[1].id, reason="The customer is ill", expected=None)
    await _import_calendar(scope, admission.user, now=now, zone=zone)
    await _come_online(scope, admission.slug, inspection.id)


async def _import_calendar(scope: AsyncContainer, user: UUID, *, now: datetime, zone: str) -> None:
    """Read once, from nowhere; what was read stays when nobody answers there."""
    imported = await (await scope.get(CalendarImporting)).add(user, ELSEWHERE)
    shelf, calendar = await scope.get(CalendarShelf), await scope.get(Calendar)
    source, clock, work = KeptCalendar(busy_elsewhere(now, zone)), await scope.get(Clock), await scope.get(UnitOfWork)
    await CalendarFetching(shelf, calendar, source, clock, work).fetch(imported.id)


async def _come_online(scope: AsyncContainer, slug: str, service: UUID) -> None:
    """The last time of the week is booked, by the first of the customers who has an address; the first one is held."""
    shop = await scope.get(OnlineBooking)
    offered = (await shop.available(slug, AskAvailability(service_id=service))).slots
    first, last = (datetime.fromisoformat(offered[at].starts_at) for at in (0, -1))
    name, email = next((each.name or "", each.emails[0]) for each in CUSTOMERS if each.emails)
    await shop.book(slug, online(service, last, name=name, email=email))
    await (await scope.get(Holding)).hold(slug, HoldTime(service_id=service, starts_at=first), visitor=_VISITOR)

"""What customers do themselves: see what is offered, book it, and move or cancel what they have booked."""

from datetime import datetime, timedelta
from typing import Annotated, Protocol
from uuid import UUID

import msgspec
from msgspec import Meta

from domains.appointments.catalogue import Service
from domains.appointments.diary import Diary
from domains.appointments.model import (
    Appointment,
    AppointmentStatus,
    BookAppointment,
    CancelReason,
    ChangeAppointment,
    VisitNotes,
)
from domains.appointments.offering import AskAvailability, availability, choose_offered
from domains.appointments.ports import BusinessTime, Calendar, Services
from domains.appointments.spans import Instant
from domains.appointments.views import (
    AvailabilityView,
    BookedOnlineView,
    OnlineBookingView,
    OnlineServices,
    OnlineServiceView,
)
from domains.customers import CreateCustomer, Customer, CustomerCreated
from domains.identity import new_token
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.errors import DeadlinePassed, NotFound
from domains.shared.fields import EmailText, Line, PhoneText
from domains.shared.wire import Command
from domains.shared.work import UnitOfWork


class BookOnline(Command, frozen=True):
    """Who books what, and when. Without `staffId`, somebody who is free is chosen."""

    service_id: UUID
    starts_at: Instant
    name: Annotated[Line, Meta(examples=["Grace Hopper"])]
    email: EmailText
    staff_id: UUID | None = None
    phone: PhoneText | None = None
    notes: VisitNotes | None = None


class MoveOnline(Command, frozen=True):
    """When it is to be instead. Without `staffId`, somebody who is free is chosen."""

    starts_at: Instant
    staff_id: UUID | None = None


class Lead(msgspec.Struct, frozen=True):
    """Where a booking's token leads."""

    tenant: UUID
    visit: UUID


class Storefront(Protocol):
    """The door through which customers come."""

    async def tenant(self, slug: str) -> UUID | None:
        """The business; None where it is not open to anybody. In a work bound to no tenant."""
        ...

    async def lead_of(self, token: str) -> Lead | None:
        """In a work bound to no tenant."""
        ...

    async def lead(self, token: str, visit: UUID) -> None:
        """Have the token lead to the visit, from now on."""
        ...

    async def services(self) -> list[Service]:
        """Those that can be booked online, by name; a hundred at most."""
        ...

    async def add_customer(self, customer: Customer) -> None: ...


class OnlineBooking:
    """Lets customers book. Its verbs name no permission: the slug is public, and a booking's token its credential."""

    def __init__(
        self, storefront: Storefront, calendar: Calendar, services: Services, clock: Clock, work: UnitOfWork
    ) -> None:
        self.storefront = storefront
        self.calendar = calendar
        self.services = services
        self.clock = clock
        self.work = work
        self.diary = Diary(calendar, services, clock, work)

    async def offered_services(self, slug: str) -> OnlineServices:
        """List what the business lets customers book online."""
        async with self.work.within(await self._tenant(slug)):
            return OnlineServices(items=[OnlineServiceView.of(each) for each in await self.storefront.services()])

    async def zone(self, slug: str) -> str:
        """The one in which the business has its days."""
        async with self.work.within(await self._tenant(slug)):
            return (await self.calendar.business_time()).zone

    async def available(self, slug: str, asked: AskAvailability) -> AvailabilityView:
        """Show when a service can be booked online, and with whom.

        Without `from` it is from now on, without `to` for seven days; 62 days at most.
        """
        async with self.work.within(await self._tenant(slug)):
            service = await self._bookable(asked.service_id)
            return await availability(self.calendar, service, asked, now=self.clock.now())

    async def book(self, slug: str, order: BookOnline) -> BookedOnlineView:
        """Book a visit online.

        - The time is one of those that are offered: else it is `slot_taken` where somebody was faster, and
          `outside_hours` where it never was one.
        - `token` is shown once. It shows, moves and cancels the visit, and nothing else.
        """
        async with self.work.within(await self._tenant(slug)):
            service, now = await self._bookable(order.service_id), self.clock.now()
            customer = Customer.create(_customer(order), now=now)
            business = await self.calendar.business_time()
            visit = Appointment.schedule(_visit(order, customer.id), service, zone=business.zone, now=now)
            await choose_offered(self.calendar, visit, service, business, now=now)
            await self.storefront.add_customer(customer)
            self.work.record(CustomerCreated(subject=customer.id))
            self.work.note(Note(action="customer.created", subject=customer.id, after=customer))
            await self.diary.put_in(visit, service, business)
            token = new_token()
            await self.storefront.lead(token, visit.id)
            return BookedOnlineView(token=token, booking=_shown(visit, business))

    async def show(self, token: str) -> OnlineBookingView:
        """Show a visit that was booked online."""
        lead = await self._lead(token)
        async with self.work.within(lead.tenant):
            visit = await self.calendar.find(lead.visit)
            return _shown(visit, await self.calendar.business_time())

    async def move(self, token: str, order: MoveOnline) -> OnlineBookingView:
        """Move a visit that was booked online, to a time that is offered.

        - Until `changeableUntil`; after that it is `deadline_passed`.
        - What holds for booking holds for moving. What has ended is moved no more: `invalid_transition`.
        """
        lead, wanted = await self._lead(token), ChangeAppointment(starts_at=order.starts_at, staff_id=order.staff_id)
        async with self.work.within(lead.tenant):
            await self._must_be_in_time(lead.visit)
            visit = await self.diary.change(lead.visit, wanted, expected=None, condition=self._offered)
            return _shown(visit, await self.calendar.business_time())

    async def cancel(self, token: str, *, reason: CancelReason | None) -> None:
        """Cancel a visit that was booked online. Until `changeableUntil`; after that it is `deadline_passed`."""
        lead = await self._lead(token)
        async with self.work.within(lead.tenant):
            await self._must_be_in_time(lead.visit)
            await self.diary.become(lead.visit, AppointmentStatus.CANCELLED, reason, expected=None)

    async def _offered(self, visit: Appointment, service: Service | None, business: BusinessTime) -> None:
        if service is not None:
            await choose_offered(self.calendar, visit, service, business, now=self.clock.now())

    async def _must_be_in_time(self, visit_id: UUID) -> None:
        visit = await self.calendar.find(visit_id)
        if visit.is_live and self.clock.now() > _changeable_until(visit, await self.calendar.business_time()):
            raise DeadlinePassed("It is too late for that here. Please speak to the business.")

    async def _bookable(self, service_id: UUID) -> Service:
        service = await self.services.current(service_id)
        if not service.bookable_online:
            raise NotFound.one("service")
        return service

    async def _tenant(self, slug: str) -> UUID:
        async with self.work.within(None):
            found = await self.storefront.tenant(slug)
        if found is None:
            raise NotFound.one("business")
        return found

    async def _lead(self, token: str) -> Lead:
        async with self.work.within(None):
            found = await self.storefront.lead_of(token)
        if found is None:
            raise NotFound.one("booking")
        return found


def _customer(order: BookOnline) -> CreateCustomer:
    phones = (order.phone,) if order.phone else ()
    return CreateCustomer(name=order.name, emails=(order.email,), phones=phones, source="online booking")


def _visit(order: BookOnline, customer: UUID) -> BookAppointment:
    return BookAppointment(
        customer_id=customer,
        service_id=order.service_id,
        starts_at=order.starts_at,
        staff_id=order.staff_id,
        notes=order.notes,
    )


def _changeable_until(visit: Appointment, business: BusinessTime) -> datetime:
    return visit.starts_at - timedelta(minutes=business.policy.change_notice_minutes)


def _shown(visit: Appointment, business: BusinessTime) -> OnlineBookingView:
    return OnlineBookingView.of(visit, changeable_until=_changeable_until(visit, business))

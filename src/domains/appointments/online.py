"""What customers do themselves: see what is offered, book it, and move or cancel what they have booked."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from domains.appointments.catalogue import Service
from domains.appointments.contact import VisitContact
from domains.appointments.diary import Diary
from domains.appointments.holds import Hold
from domains.appointments.model import (
    Appointment,
    AppointmentStatus,
    BookAppointment,
    CancelReason,
    ChangeAppointment,
    VisitNotes,
)
from domains.appointments.offering import AskAvailability, availability, bookable_online, choose_offered
from domains.appointments.online_views import BookedOnlineView, OnlineBookingView, OnlineServices, OnlineServiceView
from domains.appointments.ports import BusinessTime
from domains.appointments.spans import Instant, sound_instant
from domains.appointments.storefront import Door, Lead, Storefront, lead_at, tenant_at
from domains.appointments.views import AvailabilityView
from domains.customers import CreateCustomer, Customer, CustomerCreated
from domains.identity import LinkToken
from domains.shared.audit import Note
from domains.shared.errors import DeadlinePassed, ValidationFailed
from domains.shared.fields import EmailText, Line, PhoneText
from domains.shared.idempotency import idempotent
from domains.shared.wire import Command
from domains.shared.work import UnitOfWork

_NOBODY = UUID(int=0)


class BookOnline(Command, frozen=True):
    """Who books what, and when. Without `staffId`, somebody who is free is chosen.

    `holdToken` is of the hold that keeps the time: then it is booked with whom the hold has.
    """

    service_id: UUID
    starts_at: Instant
    name: Annotated[Line, Meta(examples=["Grace Hopper"])]
    email: EmailText
    staff_id: UUID | None = None
    phone: PhoneText | None = None
    notes: VisitNotes | None = None
    hold_token: LinkToken | None = None


class MoveOnline(Command, frozen=True):
    """When it is to be instead. Without `staffId`, somebody who is free is chosen."""

    starts_at: Instant
    staff_id: UUID | None = None


class Booked(msgspec.Struct, frozen=True):
    """What booking came to, less the token, which follows from it."""

    lead: Lead
    customer_id: UUID
    booking: OnlineBookingView


class OnlineBooking:
    """Lets customers book. Its verbs name no permission: the slug is public, and a booking's token its credential."""

    def __init__(self, storefront: Storefront, diary: Diary) -> None:
        self.storefront = storefront
        self.diary = diary
        self.calendar = diary.calendar
        self.services = diary.services
        self.clock = diary.clock
        self.work = diary.work

    async def offered_services(self, slug: str) -> OnlineServices:
        """List what the business lets customers book online."""
        async with self.work.within(await tenant_at(self.storefront, self.work, slug)):
            return OnlineServices(items=[OnlineServiceView.of(each) for each in await self.storefront.services()])

    async def zone(self, slug: str) -> str:
        """The one in which the business has its days."""
        async with self.work.within(await tenant_at(self.storefront, self.work, slug)):
            return (await self.calendar.business_time()).zone

    async def available(self, slug: str, asked: AskAvailability) -> AvailabilityView:
        """Show when a service can be booked online, and with whom.

        Without `from` it is from now on, without `to` for seven days; 62 days at most. An answer shows 5,000 times of
        people at most, and looks at 700 days of people: `nextFrom` is the `from` of what follows.
        """
        async with self.work.within(await tenant_at(self.storefront, self.work, slug)):
            service = await bookable_online(self.services, asked.service_id)
            return await availability(self.calendar, service, asked, now=self.clock.now())

    async def book(self, slug: str, order: BookOnline) -> BookedOnlineView:
        """Book a visit online.

        - The time is one of those that are offered: else it is `slot_taken` where somebody was faster, and
          `outside_hours` where it never was one. With the token of a hold it is the hold's.
        - A customer whom the address or the number reaches is the one whose visit it is: what the business has of them
          stays as it is, and the answer is the same. Letters go to the address that is given here: five an hour at
          most about what is booked, moved or cancelled without a credential; what is beyond that is done, and not told.
        - `token` is shown once, and is in the letter. It shows, moves and cancels the visit, and nothing else.
        """
        booked = await self._book(slug, order)
        return BookedOnlineView(token=self.storefront.token(Door.BOOKING, booked.lead), booking=booked.booking)

    async def show(self, token: str) -> OnlineBookingView:
        """Show a visit that was booked online."""
        lead = await lead_at(self.storefront, self.work, Door.BOOKING, token)
        async with self.work.within(lead.tenant):
            visit = await self.calendar.find(lead.subject)
            return shown_online(visit, await self.calendar.business_time())

    async def move(
        self, token: str, order: MoveOnline, *, expected: Collection[int] | None = None
    ) -> OnlineBookingView:
        """Move a visit that was booked online, to a time that is offered.

        - Until `changeableUntil`; after that it is `deadline_passed`.
        - What holds for booking holds for moving. What has ended is moved no more: `invalid_transition`.
        """
        lead = await lead_at(self.storefront, self.work, Door.BOOKING, token)
        wanted = ChangeAppointment(starts_at=order.starts_at, staff_id=order.staff_id)
        async with self.work.within(lead.tenant):
            await self._must_be_in_time(lead.subject)
            told = await self._may_be_told(lead.subject)
            visit = await self.diary.change(lead.subject, wanted, expected=expected, condition=self._offered, told=told)
            return shown_online(visit, await self.calendar.business_time())

    async def cancel(self, token: str, *, reason: CancelReason | None, expected: Collection[int] | None = None) -> None:
        """Cancel a visit that was booked online. Until `changeableUntil`; after that it is `deadline_passed`."""
        lead = await lead_at(self.storefront, self.work, Door.BOOKING, token)
        async with self.work.within(lead.tenant):
            await self._must_be_in_time(lead.subject)
            told = await self._may_be_told(lead.subject)
            await self.diary.become(lead.subject, AppointmentStatus.CANCELLED, reason, expected=expected, told=told)

    async def _offered(self, visit: Appointment, service: Service | None, business: BusinessTime) -> None:
        if service is not None:
            await choose_offered(self.calendar, visit, service, business, now=self.clock.now())

    async def _may_be_told(self, visit_id: UUID) -> bool:
        contact = (await self.calendar.find(visit_id)).contact
        return contact is not None and await self.storefront.may_write_to(contact.email)

    async def _must_be_in_time(self, visit_id: UUID) -> None:
        visit = await self.calendar.find(visit_id)
        if visit.is_live and self.clock.now() > _changeable_until(visit, await self.calendar.business_time()):
            raise DeadlinePassed("It is too late for that here. Please speak to the business.")

    @idempotent
    async def _book(self, slug: str, order: BookOnline) -> Booked:
        contact = VisitContact.given(name=order.name, email=order.email, phone=order.phone)
        tenant = await tenant_at(self.storefront, self.work, slug)
        hold_id = await self._hold_id(order, tenant)
        async with self.work.within(tenant):
            service, now = await bookable_online(self.services, order.service_id), self.clock.now()
            business = await self.calendar.business_time()
            visit = Appointment.schedule(_visit(order), service, zone=business.zone, now=now)
            visit.contact = contact
            hold = await self._held(order, hold_id)
            if hold:
                visit.staff_id, visit.resource_ids = hold.staff_id, hold.resource_ids
            else:
                await choose_offered(self.calendar, visit, service, business, now=now)
            known = await self.storefront.customer_of(contact)
            visit.customer_id = known or await new_customer(self.storefront, self.work, contact, now=now)
            told = await self.storefront.may_write_to(contact.email)
            await self.diary.put_in(visit, service, business, held=hold, told=told)
            await self.storefront.open(Door.BOOKING, visit.id)
            return self.work.result(Booked(Lead(tenant, visit.id), visit.customer_id, shown_online(visit, business)))

    async def _hold_id(self, order: BookOnline, tenant: UUID) -> UUID | None:
        if order.hold_token is None:
            return None
        async with self.work.within(None):
            lead = await self.storefront.lead_of(Door.HOLD, order.hold_token)
        return lead.subject if lead and lead.tenant == tenant else None

    async def _held(self, order: BookOnline, hold_id: UUID | None) -> Hold | None:
        """The hold, if it is good. Raises `ValidationFailed` where it keeps something else than is ordered."""
        hold = await self.calendar.hold(hold_id) if hold_id else None
        if hold is None or hold.is_over(self.clock.now()):
            return None
        is_it = (order.service_id, sound_instant(order.starts_at, "startsAt")) == (hold.service_id, hold.starts_at)
        if not is_it or order.staff_id not in (None, hold.staff_id):
            raise ValidationFailed.of("holdToken", "other_time", "This hold keeps something else.")
        return hold


async def new_customer(storefront: Storefront, work: UnitOfWork, contact: VisitContact, *, now: datetime) -> UUID:
    """Keep a record of who is not known yet."""
    phones = (contact.phone,) if contact.phone else ()
    order = CreateCustomer(name=contact.name, emails=(contact.email,), phones=phones, source="online booking")
    customer = Customer.create(order, now=now)
    await storefront.add_customer(customer)
    work.record(CustomerCreated(subject=customer.id))
    work.note(Note(action="customer.created", subject=customer.id, after=customer))
    return customer.id


def shown_online(visit: Appointment, business: BusinessTime) -> OnlineBookingView:
    return OnlineBookingView.of(visit, changeable_until=_changeable_until(visit, business))


def _visit(order: BookOnline) -> BookAppointment:
    """Nobody's yet: whose it is, is looked for once nobody else can book its time."""
    return BookAppointment(
        customer_id=_NOBODY,
        service_id=order.service_id,
        starts_at=order.starts_at,
        staff_id=order.staff_id,
        notes=order.notes,
    )


def _changeable_until(visit: Appointment, business: BusinessTime) -> datetime:
    return visit.starts_at - timedelta(minutes=business.policy.change_notice_minutes)

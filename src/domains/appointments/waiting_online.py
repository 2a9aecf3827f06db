"""The waiting list as customers use it, without an account."""

import copy
from collections.abc import Collection
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from domains.appointments.contact import VisitContact
from domains.appointments.model import Appointment, BookAppointment
from domains.appointments.offering import bookable_online
from domains.appointments.online import Booked, new_customer, shown_online
from domains.appointments.online_views import BookedOnlineView
from domains.appointments.ports import ReminderBook
from domains.appointments.spans import Instant
from domains.appointments.storefront import Door, Lead, Storefront, lead_at, tenant_at
from domains.appointments.waiting import JoinWaitingList, UntilAt, WaitingEntry, WaitingStatus
from domains.appointments.waiting_list import Places
from domains.appointments.waiting_views import JoinedWaitingListView, WaitingOnlineView
from domains.shared.errors import Expired
from domains.shared.fields import EmailText, Line, PhoneText
from domains.shared.idempotency import idempotent
from domains.shared.versions import must_be_current
from domains.shared.wire import Command


class WaitOnline(Command, frozen=True):
    """Who would come, for what, and at any time from `fromAt` on and before `untilAt`: 62 days at most."""

    service_id: UUID
    from_at: Instant
    until_at: UntilAt
    name: Annotated[Line, Meta(examples=["Grace Hopper"])]
    email: EmailText
    staff_id: UUID | None = None
    phone: PhoneText | None = None


class Joined(msgspec.Struct, frozen=True):
    """What joining came to, less the token, which follows from it."""

    lead: Lead
    customer_id: UUID
    place: WaitingOnlineView


class WaitingOnline:
    """Lets customers wait. Its verbs name no permission: the slug is public, and a place's token its credential."""

    def __init__(self, storefront: Storefront, places: Places, book: ReminderBook) -> None:
        self.storefront = storefront
        self.places = places
        self.book = book
        self.diary = places.diary
        self.clock = places.clock
        self.work = places.work

    async def join(self, slug: str, order: WaitOnline, *, visitor: str) -> JoinedWaitingListView:
        """Wait for a time to become free.

        - Where there are times that can be booked it is `conflict`, as it is where five hundred wait.
        - A visitor has ten places at a time, an address or a number five: more is `rate_limited`. Who waits for that
          already is on the list once, and the answer is the same.
        - What becomes free is offered by letter, to one after the other, each for a limited time.
        - `token` is shown once, and is in the letter.
        """
        joined = await self._join(slug, order, visitor=visitor)
        return JoinedWaitingListView(token=self.storefront.token(Door.WAITING, joined.lead), place=joined.place)

    async def show(self, token: str) -> WaitingOnlineView:
        """Show one's place on the waiting list, and what is offered."""
        lead = await lead_at(self.storefront, self.work, Door.WAITING, token)
        async with self.work.within(lead.tenant):
            return self._shown(await self.places.waiting_list.find(lead.subject))

    async def leave(self, token: str, *, expected: Collection[int] | None = None) -> None:
        """Give up one's place, and what is offered. Giving it up again changes nothing."""
        lead = await lead_at(self.storefront, self.work, Door.WAITING, token)
        async with self.work.within(lead.tenant):
            entry = await self.places.waiting_list.for_change(lead.subject)
            must_be_current(entry.version, expected)
            await self.places.close(entry, WaitingStatus.LEFT)

    async def accept(self, token: str) -> BookedOnlineView:
        """Book what is offered. What is offered no more is `expired`.

        The answer's `token` is that of the visit.
        """
        booked = await self._accept(token)
        return BookedOnlineView(token=self.storefront.token(Door.BOOKING, booked.lead), booking=booked.booking)

    async def decline(self, token: str) -> WaitingOnlineView:
        """Let pass what is offered, and wait on. Where nothing is offered it is `invalid_transition`."""
        return (await self._decline(token)).place

    @idempotent
    async def _join(self, slug: str, order: WaitOnline, *, visitor: str) -> Joined:
        contact = VisitContact.given(name=order.name, email=order.email, phone=order.phone)
        tenant = await tenant_at(self.storefront, self.work, slug)
        async with self.work.within(tenant):
            await bookable_online(self.diary.services, order.service_id)
            known = await self.storefront.customer_of(contact)
            customer = known or await new_customer(self.storefront, self.work, contact, now=self.clock.now())
            wanted = JoinWaitingList(customer_id=customer, service_id=order.service_id, from_at=order.from_at,
                                     until_at=order.until_at, staff_id=order.staff_id)  # fmt: skip
            known_as = self.storefront.known_as(visitor)
            entry = WaitingEntry.join(wanted, contact, now=self.clock.now(), visitor=known_as)
            await self.places.take(entry)
            await self.storefront.open(Door.WAITING, entry.id)
            return self.work.result(Joined(Lead(tenant, entry.id), customer, self._shown(entry)))

    @idempotent
    async def _accept(self, token: str) -> Booked:
        lead = await lead_at(self.storefront, self.work, Door.WAITING, token)
        async with self.work.within(lead.tenant):
            entry = await self.places.waiting_list.for_change(lead.subject)
            now, before = self.clock.now(), copy.copy(entry)
            hold = await self.diary.calendar.hold(entry.hold_id) if entry.hold_id else None
            if hold is None or not entry.holds_offer(now):
                raise Expired("This is offered no more.")
            service = await self.diary.services.any(entry.service_id)
            business = await self.diary.calendar.business_time()
            order = BookAppointment(customer_id=entry.customer_id, service_id=service.id, starts_at=hold.starts_at,
                                    staff_id=hold.staff_id)  # fmt: skip
            visit = Appointment.schedule(order, service, zone=business.zone, now=now)
            visit.resource_ids, visit.contact = hold.resource_ids, await self._contact(entry, visit)
            await self.diary.put_in(visit, service, business, held=hold)
            entry.book(visit.id, now=now)
            await self.places.keep(before, entry)
            await self.storefront.open(Door.BOOKING, visit.id)
            found = Booked(Lead(lead.tenant, visit.id), visit.customer_id, shown_online(visit, business))
            return self.work.result(found)

    @idempotent
    async def _decline(self, token: str) -> Joined:
        lead = await lead_at(self.storefront, self.work, Door.WAITING, token)
        async with self.work.within(lead.tenant):
            entry = await self.places.waiting_list.for_change(lead.subject)
            await self.places.let_pass(entry)
            return self.work.result(Joined(lead, entry.customer_id, self._shown(entry)))

    async def _contact(self, entry: WaitingEntry, visit: Appointment) -> VisitContact | None:
        """What who waits gave, or else what the business has of the customer."""
        if entry.contact:
            return entry.contact
        known = await self.book.of(visit)
        return VisitContact(name=known.name, email=known.email) if known.email else None

    def _shown(self, entry: WaitingEntry) -> WaitingOnlineView:
        return WaitingOnlineView.of(entry, now=self.clock.now())

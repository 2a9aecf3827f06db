"""Holding a time that is offered, for as long as somebody fills in the form."""

from uuid import UUID

import msgspec

from domains.appointments.diary import Diary
from domains.appointments.hold_events import HoldExpired, HoldMade, HoldReleased
from domains.appointments.holds import OF_ONE_BUSINESS, OF_ONE_VISITOR, Hold
from domains.appointments.offering import bookable_online, choose_offered
from domains.appointments.online_views import HeldView, HoldView
from domains.appointments.placing import Placing
from domains.appointments.spans import Instant
from domains.appointments.storefront import Door, Lead, Storefront, lead_at, tenant_at
from domains.shared.errors import NotFound, RateLimited
from domains.shared.events import Event
from domains.shared.idempotency import idempotent
from domains.shared.wire import Command

END_HOLD = "appointments.end_hold"


class HoldTime(Command, frozen=True):
    """Which time is to be kept free. Without `staffId`, somebody who is free is chosen."""

    service_id: UUID
    starts_at: Instant
    staff_id: UUID | None = None


class Held(msgspec.Struct, frozen=True):
    """What holding came to, less the token, which follows from it."""

    lead: Lead
    hold: HoldView


class Holding:
    """Keeps times free. Its verbs name no permission: the slug is public, and a hold's token its credential."""

    def __init__(self, storefront: Storefront, diary: Diary) -> None:
        self.storefront = storefront
        self.diary = diary
        self.calendar = diary.calendar
        self.clock = diary.clock
        self.work = diary.work

    async def hold(self, slug: str, order: HoldTime, *, visitor: str) -> HeldView:
        """Keep a time free for as long as the business's policy says (`holdMinutes`).

        - The time is one of those that are offered, else `slot_taken` or `outside_hours`.
        - Nobody else books it, staff neither. With its `holdToken` it is booked; without, it is free again at
          `expiresAt`.
        - A visitor has five at a time, a business two hundred: more is `rate_limited`.
        """
        held = await self._hold(slug, order, visitor=visitor)
        return HeldView(token=self.storefront.token(Door.HOLD, held.lead), hold=held.hold)

    async def show(self, token: str) -> HoldView:
        """Show a time that is kept free. What is over, or booked, is `not_found`."""
        lead = await lead_at(self.storefront, self.work, Door.HOLD, token)
        async with self.work.within(lead.tenant):
            hold = await self.calendar.hold(lead.subject)
            if hold is None or hold.is_over(self.clock.now()):
                raise NotFound.one("hold")
            return HoldView.of(hold, zone=(await self.calendar.business_time()).zone)

    async def release(self, token: str) -> None:
        """Give a time back that was kept free. Giving it back again changes nothing."""
        lead = await lead_at(self.storefront, self.work, Door.HOLD, token)
        async with self.work.within(lead.tenant):
            await self._let_go(lead.subject, HoldReleased)

    async def end(self, hold_id: UUID) -> None:
        """Its time is over."""
        async with self.work:
            await self.storefront.close(Door.HOLD, hold_id)
            await self._let_go(hold_id, HoldExpired)

    @idempotent
    async def _hold(self, slug: str, order: HoldTime, *, visitor: str) -> Held:
        tenant = await tenant_at(self.storefront, self.work, slug)
        async with self.work.within(tenant):
            service, now = await bookable_online(self.diary.services, order.service_id), self.clock.now()
            business = await self.calendar.business_time()
            until, known_as = business.policy.held_until(now), self.storefront.known_as(visitor)
            hold = Hold.of(service, order.starts_at, staff=order.staff_id, until=until, visitor=known_as)
            await choose_offered(self.calendar, hold, service, business, now=now)
            await Placing(self.calendar, self.work).place(hold, service, business, now=now)
            await self._must_be_few(known_as)
            await self.calendar.add_hold(hold)
            await self.storefront.open(Door.HOLD, hold.id)
            self.work.record(HoldMade(subject=hold.id))
            self.work.later(END_HOLD, hold.id, at=until)
            return self.work.result(Held(Lead(tenant, hold.id), HoldView.of(hold, zone=business.zone)))

    async def _must_be_few(self, visitor: bytes) -> None:
        counted = await self.calendar.count_holds(visitor, now=self.clock.now())
        if counted.own >= OF_ONE_VISITOR or counted.all >= OF_ONE_BUSINESS:
            wait = max(1, int(counted.frees_in.total_seconds()))
            raise RateLimited("Too many times are held.", most=OF_ONE_VISITOR, retry_after=wait)

    async def _let_go(self, hold_id: UUID, event: type[Event]) -> None:
        for each in await self.calendar.let_go([hold_id]):
            self.work.record(event(subject=each.id))
            await self.diary.freed(each.span, hold_id)

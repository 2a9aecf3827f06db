"""Offering times that became free to those who wait for them."""

import copy
from datetime import datetime
from uuid import UUID

from domains.appointments.catalogue import Service
from domains.appointments.errors import OutsideHours, SlotTaken
from domains.appointments.holds import Hold
from domains.appointments.offering import AskAvailability, availability, choose_offered
from domains.appointments.placing import Placing
from domains.appointments.ports import BusinessTime
from domains.appointments.waiting import WaitingEntry
from domains.appointments.waiting_list import LAPSE_OFFER, MAIL_OFFER, Places
from domains.shared.errors import NotFound

OFFER_OPENED = "appointments.offer_opened"


class FreedTimes:
    """Offers what is free to one after the other, in the order in which they came."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.calendar = places.diary.calendar
        self.services = places.diary.services
        self.clock = places.clock
        self.work = places.work

    async def offer(self, _by: UUID) -> None:
        """Give each who waits, in order, the first time that is offered now and that they have not let pass.

        It is kept for them until the policy's `offerMinutes` are over, or the visit would begin.
        """
        async with self.work:
            waiting = await self.places.waiting_list.in_order(self.clock.now())
        for each in waiting:
            try:
                async with self.work:
                    await self._offer_to(each)
            except (SlotTaken, OutsideHours, NotFound):
                continue

    async def _offer_to(self, entry_id: UUID) -> None:
        entry, now = await self.places.waiting_list.for_change(entry_id), self.clock.now()
        service, business = await self.services.any(entry.service_id), await self.calendar.business_time()
        if not entry.is_waiting or entry.until_at <= now or service.is_archived:
            return
        if (starts := await self._first(entry, service, now)) is None:
            return
        hold = await self._held(entry, service, business, starts)
        before = copy.copy(entry)
        entry.offer(hold, now=now)
        await self.places.keep(before, entry)
        self.work.later(LAPSE_OFFER, entry.id, at=hold.expires_at)
        self.work.later(MAIL_OFFER, entry.id, at=now)

    async def _first(self, entry: WaitingEntry, service: Service, now: datetime) -> datetime | None:
        left = entry.span(now)
        asked = AskAvailability(service_id=service.id, start=left.start, end=left.end, staff_id=entry.staff_id)
        found = await availability(self.calendar, service, asked, now=now)
        times = (datetime.fromisoformat(each.starts_at) for each in found.slots)
        return next((each for each in times if each not in entry.passed), None)

    async def _held(self, entry: WaitingEntry, service: Service, business: BusinessTime, starts: datetime) -> Hold:
        now = self.clock.now()
        until = min(business.policy.offered_until(now), starts)
        hold = Hold.of(service, starts, staff=entry.staff_id, until=until)
        await choose_offered(self.calendar, hold, service, business, now=now)
        await Placing(self.calendar).place(hold, service, business, now=now)
        await self.calendar.add_hold(hold)
        return hold

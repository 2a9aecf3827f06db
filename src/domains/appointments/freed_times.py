"""Offering times that became free to those who wait for them."""

import copy
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from domains.appointments.catalogue import Service
from domains.appointments.errors import OutsideHours, SlotTaken
from domains.appointments.holds import Hold
from domains.appointments.offering import AskAvailability, choose_offered, first_offered
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

        It is kept for them until the policy's `offerMinutes` are over, or the visit would begin. Where there was
        nothing for one, nothing is looked for anew for those who want no more than that one.
        """
        async with self.work:
            waiting = await self.places.waiting_list.in_order(self.clock.now())
        in_vain: list[WaitingEntry] = []
        for each in waiting:
            if not any(other.wants_all_of(each) for other in in_vain):
                with suppress(SlotTaken, OutsideHours, NotFound):
                    async with self.work:
                        if await self._finds_nothing_for(each.id):
                            in_vain.append(each)

    async def _finds_nothing_for(self, entry_id: UUID) -> bool:
        """Offer them something, where there is something: else nobody has it, whoever asks."""
        entry, now = await self.places.waiting_list.for_change(entry_id), self.clock.now()
        service, business = await self.services.any(entry.service_id), await self.calendar.business_time()
        if not entry.is_waiting or entry.until_at <= now or service.is_archived:
            return False
        if (starts := await self._first(entry, service, now)) is None:
            return not entry.passed
        hold = await self._held(entry, service, business, starts)
        before = copy.copy(entry)
        entry.offer(hold, now=now)
        await self.places.keep(before, entry)
        self.work.later(LAPSE_OFFER, entry.id, at=hold.expires_at)
        self.work.later(MAIL_OFFER, entry.id, at=now)
        return False

    async def _first(self, entry: WaitingEntry, service: Service, now: datetime) -> datetime | None:
        left = entry.span(now)
        asked = AskAvailability(service_id=service.id, start=left.start, end=left.end, staff_id=entry.staff_id)
        return await first_offered(self.calendar, service, asked, but=entry.passed, now=now)

    async def _held(self, entry: WaitingEntry, service: Service, business: BusinessTime, starts: datetime) -> Hold:
        now = self.clock.now()
        until = min(business.policy.offered_until(now), starts)
        hold = Hold.of(service, starts, staff=entry.staff_id, until=until)
        await choose_offered(self.calendar, hold, service, business, now=now)
        await Placing(self.calendar, self.work).place(hold, service, business, now=now)
        await self.calendar.add_hold(hold)
        return hold

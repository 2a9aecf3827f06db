"""The waiting list: who is on it, what is offered to whom, and what they say to it."""

import copy
from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from domains.appointments.diary import Diary
from domains.appointments.offering import AskAvailability, first_offered
from domains.appointments.storefront import Door, Storefront
from domains.appointments.waiting import (
    MOST_OF_CUSTOMER,
    MOST_OF_VISITOR,
    MOST_WAITING,
    JoinWaitingList,
    OpenPlaces,
    WaitingEntry,
    WaitingStatus,
)
from domains.appointments.waiting_events import (
    WaitingListBooked,
    WaitingListJoined,
    WaitingListLeft,
    WaitingListOffered,
    WaitingListPassed,
)
from domains.appointments.waiting_views import WaitingList
from domains.customers import OfCustomer
from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.errors import AlreadyExists, Conflict, NotFound, RateLimited
from domains.shared.idempotency import idempotent
from domains.shared.permissions import Permission
from domains.shared.versions import must_be_current

END_WAITING = "appointments.end_waiting"
LAPSE_OFFER = "appointments.lapse_offer"
FORGET_WAITING = "appointments.forget_waiting"
MAIL_OFFER = "appointments.mail_offer"
_KEPT = timedelta(days=90)

_BECAME: dict[WaitingStatus, type[OfCustomer]] = {
    WaitingStatus.WAITING: WaitingListPassed,
    WaitingStatus.OFFERED: WaitingListOffered,
    WaitingStatus.BOOKED: WaitingListBooked,
    WaitingStatus.LEFT: WaitingListLeft,
    WaitingStatus.EXPIRED: WaitingListLeft,
}


class Places:
    """Steps of others, in the work under way: places taken, kept and closed, and telling of it."""

    def __init__(self, waiting_list: WaitingList, diary: Diary) -> None:
        self.waiting_list = waiting_list
        self.diary = diary
        self.clock = diary.clock
        self.work = diary.work

    async def take(self, entry: WaitingEntry) -> None:
        """Put a new place on the list.

        Raises `Conflict` where there are times to be booked, or too many wait; `RateLimited` where too many of them
        are a stranger's; `AlreadyExists` where staff ask for what the customer has. A stranger is not told of that.
        """
        service, now = await self.diary.services.current(entry.service_id), self.clock.now()
        if entry.staff_id not in (None, *service.staff_ids):
            raise NotFound.one("user")
        left = entry.span(now)
        asked = AskAvailability(service_id=service.id, start=left.start, end=left.end, staff_id=entry.staff_id)
        if await first_offered(self.diary.calendar, service, asked, now=now):
            raise Conflict("There are times that can be booked.")
        entry.repeats = self._repeated(entry, await self.waiting_list.count(entry, now=now))
        await self.waiting_list.add(entry)
        self.work.later(END_WAITING, entry.id, at=entry.until_at)
        if not entry.repeats:
            self._tell_joined(entry)

    async def keep(self, before: WaitingEntry, entry: WaitingEntry) -> None:
        """Store what has changed of a place."""
        await self.waiting_list.save(entry)
        if entry.repeats:
            return
        event = _BECAME[entry.status].about(entry)
        self.work.record(event)
        self.work.note(Note(action=event.type, subject=entry.id, before=before, after=entry))

    async def let_pass(self, entry: WaitingEntry) -> None:
        """Give back what is offered, and wait on."""
        before, hold = copy.copy(entry), entry.hold_id
        entry.let_pass(now=self.clock.now())
        await self.keep(before, entry)
        await self._give_back(entry, hold)

    async def close(self, entry: WaitingEntry, status: WaitingStatus) -> None:
        """Give up the place, and what is offered. One that is closed stays as it is."""
        before, hold = copy.copy(entry), entry.hold_id
        if entry.close(status, now=self.clock.now()):
            await self.keep(before, entry)
            if heir := await self.waiting_list.inherit(entry.id):
                self._tell_joined(heir)
            await self._give_back(entry, hold)

    def _repeated(self, entry: WaitingEntry, found: OpenPlaces) -> UUID | None:
        if found.all >= MOST_WAITING:
            raise Conflict("The waiting list is full.")
        if entry.visitor is None:
            if found.same:
                raise AlreadyExists("This customer waits for that already.")
        elif found.of_visitor >= MOST_OF_VISITOR or found.of_customer >= MOST_OF_CUSTOMER:
            wait = max(1, int(found.frees_in.total_seconds()))
            raise RateLimited("Too many places are taken.", most=MOST_OF_VISITOR, retry_after=wait)
        return found.same

    def _tell_joined(self, entry: WaitingEntry) -> None:
        self.work.record(WaitingListJoined.about(entry))
        self.work.note(Note(action=WaitingListJoined.type, subject=entry.id, after=entry))

    async def _give_back(self, entry: WaitingEntry, hold: UUID | None) -> None:
        for each in await self.diary.calendar.let_go([hold] if hold else []):
            await self.diary.freed(each.span, entry.id)


class WaitingKeeping:
    """Keeps the waiting list of a business."""

    def __init__(self, actor: Actor, places: Places) -> None:
        self.actor = actor
        self.places = places
        self.work = places.work

    @idempotent
    async def join(self, order: JoinWaitingList) -> WaitingEntry:
        """Put a customer on the waiting list.

        - Customer, service and staff member are the business's own, else `not_found`.
        - Where there are times to be booked it is `conflict`, as it is where five hundred wait.
        - Where the customer waits for that already it is `already_exists`.
        - A time that becomes free is kept for the first on the list whom it suits, for as long as the policy says
          (`offerMinutes`), and offered by letter; then for the next one.
        """
        self.actor.must(Permission.APPOINTMENTS_WRITE)
        async with self.work:
            await self.places.diary.calendar.business_time_for(order.customer_id)
            entry = WaitingEntry.join(order, None, now=self.places.clock.now())
            await self.places.take(entry)
            return self.work.result(entry)

    async def remove(self, entry_id: UUID, *, expected: Collection[int] | None) -> None:
        """Take a place off the list, with what is offered. It stays readable; taking it off again changes nothing."""
        self.actor.must(Permission.APPOINTMENTS_WRITE)
        async with self.work:
            entry = await self.places.waiting_list.for_change(entry_id)
            must_be_current(entry.version, expected)
            await self.places.close(entry, WaitingStatus.LEFT)


class WaitingTimes:
    """What comes at its time to places on the waiting list."""

    def __init__(self, storefront: Storefront, places: Places) -> None:
        self.storefront = storefront
        self.places = places
        self.work = places.work

    async def pass_on(self, entry_id: UUID) -> None:
        """What was offered and not taken is free for the next one."""
        async with self.work:
            entry = await self.places.waiting_list.for_change(entry_id)
            if entry.status is WaitingStatus.OFFERED and not entry.holds_offer(self.places.clock.now()):
                await self.places.let_pass(entry)

    async def end(self, entry_id: UUID) -> None:
        """The time is over that was waited for. The place is kept for 90 days."""
        async with self.work:
            await self.places.close(await self.places.waiting_list.for_change(entry_id), WaitingStatus.EXPIRED)
            self.work.later(FORGET_WAITING, entry_id, at=self.places.clock.now() + _KEPT)

    async def forget(self, entry_id: UUID) -> None:
        """Remove the place."""
        async with self.work:
            await self.storefront.close(Door.WAITING, entry_id)
            await self.places.waiting_list.forget(entry_id)

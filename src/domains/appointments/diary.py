"""Writing visits into the calendar, in the work under way, and telling of it: the same for staff and for customers."""

import copy
from collections.abc import Awaitable, Callable, Collection
from types import MappingProxyType
from uuid import UUID

from domains.appointments.catalogue import Service
from domains.appointments.events import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentChanged,
    AppointmentCompleted,
    AppointmentConfirmed,
    AppointmentMissed,
)
from domains.appointments.hold_events import HoldBooked
from domains.appointments.holds import Hold
from domains.appointments.model import Appointment, AppointmentStatus, ChangeAppointment
from domains.appointments.placing import Placed, Placing
from domains.appointments.ports import BusinessTime, Calendar, Services
from domains.appointments.spans import Span
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.contention import Contention
from domains.shared.versions import must_be_current
from domains.shared.work import UnitOfWork

REMIND = "appointments.remind"
MAIL_BOOKED = "appointments.mail_booked"
MAIL_MOVED = "appointments.mail_moved"
MAIL_CANCELLED = "appointments.mail_cancelled"
OFFER_FREED = "appointments.offer_freed"
_BECAME = MappingProxyType(
    {
        AppointmentStatus.CONFIRMED: AppointmentConfirmed,
        AppointmentStatus.COMPLETED: AppointmentCompleted,
        AppointmentStatus.CANCELLED: AppointmentCancelled,
        AppointmentStatus.NO_SHOW: AppointmentMissed,
    }
)

Condition = Callable[[Appointment, Service | None, BusinessTime], Awaitable[None]]
"""What a visit must meet where it is about to be put; it may choose the person."""


class Diary:
    """Puts visits in, moves them, and ends them."""

    def __init__(self, calendar: Calendar, services: Services, clock: Clock, work: UnitOfWork) -> None:
        self.calendar = calendar
        self.services = services
        self.clock = clock
        self.work = work

    async def put_in(
        self,
        visit: Appointment,
        service: Service | None,
        business: BusinessTime,
        *,
        held: Hold | None = None,
        told: bool = True,
    ) -> None:
        """Give a new visit its place, that of the hold if there is one. Raises `SlotTaken`.

        `told`, here and below: whether who booked online has a letter of it.
        """
        visit.reminder_minutes = business.policy.reminder_minutes
        holds = (held.id,) if held else ()
        await self._place(visit, service, business, instead_of=holds)
        for each in await self.calendar.let_go(holds):
            if each.of_visitor:
                self.work.record(HoldBooked(subject=each.id))
        await self.calendar.add(visit)
        self._remind(visit)
        self._mail(MAIL_BOOKED, visit, told=told)
        self.work.record(AppointmentBooked.about(visit))
        self.work.note(Note(action="appointment.booked", subject=visit.id, after=visit))

    async def change(
        self,
        visit_id: UUID,
        order: ChangeAppointment,
        *,
        expected: Collection[int] | None,
        condition: Condition | None = None,
        told: bool = True,
    ) -> Appointment:
        """Carry out `order`. People and resources are locked before the visit, which must not have changed since."""
        before = await (self.calendar.find if order.moves else self.calendar.for_change)(visit_id)
        must_be_current(before.version, expected)
        visit = copy.copy(before)
        service = await self._service_after(before, order) if order.moves else None
        changed = visit.change(order, service, now=self.clock.now())
        if changed and order.moves:
            await self._find_place(visit, service, condition)
            await self._must_be_as_before(before, expected)
            await self.calendar.save(visit)
            await self.calendar.claim_anew(visit)
            await self.freed(before.blocked, visit.id)
        elif changed:
            await self.calendar.save(visit)
        if changed:
            self._tell_change(before, visit, changed, told=told)
        return visit

    async def put_again(self, before: Appointment, visit: Appointment) -> None:
        """Store a visit whose instants are others while the clocks show the same: its customer is told nothing."""
        await self.calendar.save(visit)
        await self.calendar.claim_anew(visit)
        await self.freed(before.blocked, visit.id)
        self._remind(visit)
        self._record(before, visit, ["starts_at", "ends_at", "blocked_from", "blocked_until"])

    async def become(
        self,
        visit_id: UUID,
        status: AppointmentStatus,
        reason: str | None,
        *,
        expected: Collection[int] | None,
        told: bool = True,
    ) -> Appointment:
        """Say what becomes of a visit. Raises `InvalidTransition`."""
        visit = await self.calendar.for_change(visit_id)
        must_be_current(visit.version, expected)
        before = copy.copy(visit)
        if visit.become(status, reason, now=self.clock.now()):
            await self.calendar.save(visit)
            if visit.is_final:
                await self.calendar.release(visit)
                await self.freed(visit.blocked, visit.id)
            if status is AppointmentStatus.CANCELLED:
                self._mail(MAIL_CANCELLED, visit, told=told)
            event = _BECAME[status]
            self.work.record(event.about(visit))
            self.work.note(Note(action=event.type, subject=visit.id, before=before, after=visit))
        return visit

    async def freed(self, span: Span, by: UUID) -> None:
        """Have what is free again offered to those who wait for it."""
        if span.end > self.clock.now() and await self.calendar.is_waited_for(span):
            self.work.later(OFFER_FREED, by, at=self.clock.now())

    async def _place(
        self, visit: Placed, service: Service | None, business: BusinessTime, instead_of: Collection[UUID] = ()
    ) -> None:
        placing = Placing(self.calendar, self.work)
        await placing.place(visit, service, business, now=self.clock.now(), instead_of=instead_of)

    async def _find_place(self, visit: Appointment, service: Service | None, condition: Condition | None) -> None:
        business = await self.calendar.business_time()
        if condition is not None:
            await condition(visit, service, business)
        await self._place(visit, service, business)

    async def _must_be_as_before(self, before: Appointment, expected: Collection[int] | None) -> None:
        present = await self.calendar.for_change(before.id)
        must_be_current(present.version, expected)
        if present.version != before.version:
            raise Contention("Another change of this visit was faster. Nothing was changed.")

    async def _service_after(self, visit: Appointment, order: ChangeAppointment) -> Service | None:
        """The one that it has had may be archived meanwhile; a new one may not."""
        if isinstance(order.service_id, UUID):
            return await self.services.current(order.service_id)
        if order.service_id is None or visit.service_id is None:
            return None
        return await self.services.any(visit.service_id)

    def _remind(self, visit: Appointment) -> None:
        for at in visit.reminders():
            if at > self.clock.now():
                self.work.later(REMIND, visit.id, at=at)

    def _mail(self, kind: str, visit: Appointment, *, told: bool) -> None:
        """Letters go to those who booked themselves; of what is over, none."""
        if told and visit.contact and visit.ends_at > self.clock.now():
            self.work.later(kind, visit.id, at=self.clock.now())

    def _tell_change(self, before: Appointment, visit: Appointment, changed: list[str], *, told: bool) -> None:
        if before.starts_at != visit.starts_at:
            self._remind(visit)
            self._mail(MAIL_MOVED, visit, told=told)
        self._record(before, visit, changed)

    def _record(self, before: Appointment, visit: Appointment, changed: list[str]) -> None:
        self.work.record(AppointmentChanged.about(visit, fields=changed))
        self.work.note(Note(action="appointment.updated", subject=visit.id, before=before, after=visit))

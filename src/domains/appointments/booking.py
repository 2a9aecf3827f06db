"""Putting visits into the calendar, moving them, and saying what became of them."""

import copy
from collections.abc import Collection
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
from domains.appointments.model import (
    Appointment,
    AppointmentStatus,
    BookAppointment,
    ChangeAppointment,
    ChangeStatus,
)
from domains.appointments.placing import Placing
from domains.appointments.ports import Calendar, Services
from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.contention import Contention
from domains.shared.idempotency import idempotent
from domains.shared.permissions import Permission
from domains.shared.versions import must_be_current
from domains.shared.work import UnitOfWork

REMIND = "appointments.remind"
_BECAME = MappingProxyType(
    {
        AppointmentStatus.CONFIRMED: AppointmentConfirmed,
        AppointmentStatus.COMPLETED: AppointmentCompleted,
        AppointmentStatus.CANCELLED: AppointmentCancelled,
        AppointmentStatus.NO_SHOW: AppointmentMissed,
    }
)


class Booking:
    """Puts visits into the calendar of a business."""

    def __init__(self, actor: Actor, calendar: Calendar, services: Services, clock: Clock, work: UnitOfWork) -> None:
        self.actor = actor
        self.calendar = calendar
        self.services = services
        self.clock = clock
        self.work = work

    @idempotent
    async def book(self, order: BookAppointment) -> Appointment:
        """Book a visit.

        - Customer, service and staff member are the business's own, else `not_found`.
        - Live visits (`scheduled`, `confirmed`) of one staff member never overlap, buffers counted; touching is
          allowed. Else it is `slot_taken`, and `conflictsWith` names the other one.
        - Without `staffId`, somebody of the service who is free is chosen. What else the service needs, such as a room,
          is chosen too.
        - Staff may book outside hours.
        """
        self.actor.must(Permission.APPOINTMENTS_WRITE)
        async with self.work:
            await self.calendar.must_be_customer(order.customer_id)
            service = await self._service(order.service_id)
            business, now = await self.calendar.business_time(), self.clock.now()
            visit = Appointment.schedule(order, service, zone=business.zone, now=now)
            visit.reminder_minutes = business.policy.reminder_minutes
            await Placing(self.calendar).place(visit, service, business)
            await self.calendar.add(visit)
            self._remind(visit)
            self.work.record(AppointmentBooked(subject=visit.id, customer_id=visit.customer_id))
            self.work.note(Note(action="appointment.booked", subject=visit.id, after=visit))
            return self.work.result(visit)

    async def change(
        self, visit_id: UUID, order: ChangeAppointment, *, expected: Collection[int] | None
    ) -> Appointment:
        """Change or move a visit.

        - An absent field stays as it is; `null` clears it. A visit whose beginning alone is changed keeps its length.
        - What holds for booking holds for moving. What is completed, cancelled or missed is moved no more:
          `invalid_transition`.
        - With `staffId` null, somebody of the service who is free is chosen.
        """
        self.actor.must(Permission.APPOINTMENTS_WRITE)
        async with self.work:
            visit, before, changed = await (self._move if order.moves else self._edit)(visit_id, order, expected)
            if changed:
                await self.calendar.save(visit)
                if order.moves:
                    await self.calendar.claim_anew(visit)
                if before.starts_at != visit.starts_at:
                    self._remind(visit)
                self._tell_change(before, visit, changed)
        return visit

    async def become(self, visit_id: UUID, order: ChangeStatus, *, expected: Collection[int] | None) -> Appointment:
        """Say what becomes of a visit.

        - `scheduled` and `confirmed` become `confirmed`, `completed`, `cancelled` or `no_show`.
        - The last three are final: anything else after them is `invalid_transition`. They free the time.
        """
        self.actor.must(Permission.APPOINTMENTS_WRITE)
        return await self._become(visit_id, AppointmentStatus(order.status), order.reason, expected)

    async def cancel(self, visit_id: UUID, *, reason: str | None, expected: Collection[int] | None) -> None:
        """Cancel a visit: it stays readable, and its time is free. Cancelling it again changes nothing."""
        self.actor.must(Permission.APPOINTMENTS_WRITE)
        await self._become(visit_id, AppointmentStatus.CANCELLED, reason, expected)

    async def _become(
        self, visit_id: UUID, status: AppointmentStatus, reason: str | None, expected: Collection[int] | None
    ) -> Appointment:
        async with self.work:
            visit = await self.calendar.for_change(visit_id)
            must_be_current(visit.version, expected)
            before = copy.copy(visit)
            if visit.become(status, reason, now=self.clock.now()):
                await self.calendar.save(visit)
                if visit.is_final:
                    await self.calendar.release(visit)
                event = _BECAME[status]
                self.work.record(event(subject=visit.id, subject_version=visit.version, customer_id=visit.customer_id))
                self.work.note(Note(action=event.type, subject=visit.id, before=before, after=visit))
        return visit

    async def _edit(
        self, visit_id: UUID, order: ChangeAppointment, expected: Collection[int] | None
    ) -> tuple[Appointment, Appointment, list[str]]:
        visit = await self.calendar.for_change(visit_id)
        must_be_current(visit.version, expected)
        before = copy.copy(visit)
        return visit, before, visit.change(order, None, now=self.clock.now())

    async def _move(
        self, visit_id: UUID, order: ChangeAppointment, expected: Collection[int] | None
    ) -> tuple[Appointment, Appointment, list[str]]:
        """People and resources are locked before the visit: what they are is read first, and must still be so then."""
        before = await self.calendar.find(visit_id)
        must_be_current(before.version, expected)
        visit = copy.copy(before)
        service = await self._service_after(before, order)
        changed = visit.change(order, service, now=self.clock.now())
        if changed:
            await Placing(self.calendar).place(visit, service, await self.calendar.business_time())
        present = await self.calendar.for_change(visit_id)
        must_be_current(present.version, expected)
        if present.version != before.version:
            raise Contention("Another change of this visit was faster. Nothing was changed.")
        return visit, before, changed

    async def _service_after(self, visit: Appointment, order: ChangeAppointment) -> Service | None:
        """The one that it has had may be archived meanwhile; a new one may not."""
        if isinstance(order.service_id, UUID):
            return await self._service(order.service_id)
        if order.service_id is None or visit.service_id is None:
            return None
        return await self.services.any(visit.service_id)

    async def _service(self, service_id: UUID | None) -> Service | None:
        return None if service_id is None else await self.services.current(service_id)

    def _remind(self, visit: Appointment) -> None:
        for at in visit.reminders():
            if at > self.clock.now():
                self.work.later(REMIND, visit.id, at=at)

    def _tell_change(self, before: Appointment, visit: Appointment, changed: list[str]) -> None:
        self.work.record(
            AppointmentChanged(
                subject=visit.id, subject_version=visit.version, customer_id=visit.customer_id, fields=changed
            )
        )
        self.work.note(Note(action="appointment.updated", subject=visit.id, before=before, after=visit))

"""What staff do with the calendar: book visits, move them, and say what became of them."""

from collections.abc import Collection
from uuid import UUID

from domains.appointments.diary import Diary
from domains.appointments.model import (
    Appointment,
    AppointmentStatus,
    BookAppointment,
    ChangeAppointment,
    ChangeStatus,
    Scope,
)
from domains.appointments.ports import Calendar, Services
from domains.appointments.series import SeriesEditing, series
from domains.shared.actor import Actor
from domains.shared.clock import Clock
from domains.shared.idempotency import idempotent
from domains.shared.permissions import Permission
from domains.shared.work import UnitOfWork


class Booking:
    """Puts visits into the calendar of a business."""

    def __init__(self, actor: Actor, calendar: Calendar, services: Services, clock: Clock, work: UnitOfWork) -> None:
        self.actor = actor
        self.calendar = calendar
        self.services = services
        self.clock = clock
        self.work = work
        self.diary = Diary(calendar, services, clock, work)
        self.series = SeriesEditing(self.diary)

    @idempotent
    async def book(self, order: BookAppointment) -> Appointment:
        """Book a visit.

        - Customer, service and staff member are the business's own, else `not_found`.
        - Live visits (`scheduled`, `confirmed`) of one staff member never overlap, buffers counted; touching is
          allowed. Else it is `slot_taken`: `conflictsWith` names the other one, `alternatives` the nearest free
          times.
        - Without `staffId`, somebody of the service who is free is chosen. What else the service needs, such as a room,
          is chosen too.
        - Staff may book outside hours.
        - With `recurrence` a series is booked, whole or not at all; the answer is its first visit. It keeps its time of
          day by the clocks of `timezone`.
        """
        self.actor.must(Permission.APPOINTMENTS_WRITE)
        async with self.work:
            await self.calendar.must_be_customer(order.customer_id)
            service = await self.services.current(order.service_id) if order.service_id else None
            business = await self.calendar.business_time()
            visit = Appointment.schedule(order, service, zone=business.zone, now=self.clock.now())
            for each in series(visit, order.recurrence):
                await self.diary.put_in(each, service, business)
            return self.work.result(visit)

    async def change(
        self,
        visit_id: UUID,
        order: ChangeAppointment,
        *,
        expected: Collection[int] | None,
        scope: Scope = Scope.ONE,
    ) -> Appointment:
        """Change or move a visit.

        - An absent field stays as it is; `null` clears it. A visit whose beginning alone is changed keeps its length.
        - What holds for booking holds for moving. What is completed, cancelled or missed is moved no more:
          `invalid_transition`.
        - With `staffId` null, somebody of the service who is free is chosen.
        - `scope` says whether others of its series are changed with it, moved as far by the clock: all or none.
        """
        self.actor.must(Permission.APPOINTMENTS_WRITE)
        async with self.work:
            if scope is Scope.ONE:
                return await self.diary.change(visit_id, order, expected=expected)
            return await self.series.change(visit_id, order, scope, expected=expected)

    async def become(self, visit_id: UUID, order: ChangeStatus, *, expected: Collection[int] | None) -> Appointment:
        """Say what becomes of a visit.

        - `scheduled` and `confirmed` become `confirmed`, `completed`, `cancelled` or `no_show`.
        - The last three are final: anything else after them is `invalid_transition`. They free the time.
        """
        self.actor.must(Permission.APPOINTMENTS_WRITE)
        async with self.work:
            return await self.diary.become(visit_id, order.status, order.reason, expected=expected)

    async def cancel(
        self, visit_id: UUID, *, reason: str | None, expected: Collection[int] | None, scope: Scope = Scope.ONE
    ) -> None:
        """Cancel a visit: it stays readable, and its time is free. Cancelling it again changes nothing.

        `scope` says whether others of its series are cancelled with it.
        """
        self.actor.must(Permission.APPOINTMENTS_WRITE)
        async with self.work:
            if scope is Scope.ONE:
                await self.diary.become(visit_id, AppointmentStatus.CANCELLED, reason, expected=expected)
            else:
                await self.series.cancel(visit_id, reason, scope, expected=expected)

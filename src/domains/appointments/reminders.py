"""Reminding customers of their visits."""

from uuid import UUID

from domains.appointments.events import AppointmentReminded
from domains.appointments.ports import Calendar, ReminderBook
from domains.identity import Letters
from domains.shared.clock import Clock, timestamp
from domains.shared.work import UnitOfWork


class Reminding:
    """Reminds the customer of one visit, by letter."""

    def __init__(
        self, calendar: Calendar, book: ReminderBook, letters: Letters, clock: Clock, work: UnitOfWork
    ) -> None:
        self.calendar = calendar
        self.book = book
        self.letters = letters
        self.clock = clock
        self.work = work

    async def remind(self, visit_id: UUID) -> None:
        """Remind of a visit that is still to be, once for each time at which that is due.

        A visit that was moved has reminders of its new time: those of the old one are passed over.
        """
        now = self.clock.now()
        async with self.work:
            visit = await self.calendar.for_change(visit_id)
            is_due = visit.is_live and now in visit.reminders() and visit.reminded_at != now
            if not is_due:
                return
            visit.reminded_at = now
            await self.calendar.save(visit)
            reached = await self.book.of(visit)
            if reached.email:
                self.work.record(AppointmentReminded.about(visit))
        if reached.email:
            words = {
                "customerName": reached.name,
                "tenantName": reached.tenant_name,
                "title": visit.title,
                "startsAt": timestamp(visit.starts_at),
                "timezone": visit.timezone,
                "location": visit.location or "",
            }
            await self.letters.send(
                to=reached.email, template="appointment_reminder", words=words, language=reached.language
            )

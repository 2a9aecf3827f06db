"""Importing busy times: which calendars are read for whom, and reading them."""

from uuid import UUID

from domains.appointments.events import ScheduleChanged
from domains.appointments.imported_calendars import (
    MOST_CALENDARS,
    CalendarShelf,
    CalendarSource,
    Found,
    ImportCalendar,
    ImportedCalendar,
    ImportedCalendars,
    ImportedCalendarView,
    NotRead,
    ReadFailure,
)
from domains.appointments.ports import Calendar, Schedules
from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.errors import AlreadyExists, Conflict, NotFound
from domains.shared.idempotency import idempotent
from domains.shared.permissions import Permission
from domains.shared.work import UnitOfWork

FETCH_CALENDAR = "appointments.fetch_calendar"


class CalendarImporting:
    """Keeps which calendars are read for whom."""

    def __init__(
        self, actor: Actor, schedules: Schedules, shelf: CalendarShelf, clock: Clock, work: UnitOfWork
    ) -> None:
        self.actor = actor
        self.schedules = schedules
        self.shelf = shelf
        self.clock = clock
        self.work = work

    @idempotent
    async def add(self, user_id: UUID, order: ImportCalendar) -> ImportedCalendarView:
        """Import the busy times of a calendar that somebody keeps elsewhere.

        - It is read soon, then every hour. What stands there is not offered; staff may book it nonetheless.
        - Only the times are kept. The address is kept encrypted, and only its server is shown.
        - What is `TRANSPARENT` or cancelled is not busy. Days, and times without a zone, are those of the business.
        - Addresses are `https`, and lead to public ones. 10 calendars a person.
        """
        self.actor.must(Permission.SCHEDULES_WRITE)
        calendar = ImportedCalendar.new(user_id, order.url, now=self.clock.now())
        async with self.work:
            await self.schedules.for_change(user_id, now=self.clock.now())
            present = await self.shelf.of_user(user_id)
            if calendar.url in {each.url for each in present}:
                raise AlreadyExists("This calendar is imported already.")
            if len(present) >= MOST_CALENDARS:
                raise Conflict(f"{MOST_CALENDARS} calendars are imported for this person already.")
            await self.shelf.add(calendar)
            self.work.later(FETCH_CALENDAR, calendar.id, at=calendar.fetch_at)
            self._tell("imported_calendar.created", calendar)
            return self.work.result(ImportedCalendarView.of(calendar))

    async def every(self, user_id: UUID) -> ImportedCalendars:
        """List the calendars that are imported for somebody."""
        self.actor.must(Permission.SCHEDULES_READ)
        async with self.work:
            found = await self.shelf.of_user(user_id)
        return ImportedCalendars(items=[ImportedCalendarView.of(each) for each in found])

    async def one(self, calendar_id: UUID) -> ImportedCalendarView:
        """Show a calendar that is imported, and how reading it goes."""
        self.actor.must(Permission.SCHEDULES_READ)
        async with self.work:
            return ImportedCalendarView.of(await self.shelf.find(calendar_id))

    @idempotent
    async def refresh(self, calendar_id: UUID) -> ImportedCalendarView:
        """Read a calendar anew, soon: `lastFetchedAt` or `lastError` says when that is done."""
        self.actor.must(Permission.SCHEDULES_WRITE)
        async with self.work:
            calendar = await self._for_change(calendar_id)
            calendar.fetch_at, calendar.read_at = self.clock.now(), None
            await self.shelf.save(calendar)
            self.work.later(FETCH_CALENDAR, calendar.id, at=calendar.fetch_at)
            return self.work.result(ImportedCalendarView.of(calendar))

    async def remove(self, calendar_id: UUID) -> None:
        """Import a calendar no longer. Its times are free again."""
        self.actor.must(Permission.SCHEDULES_WRITE)
        async with self.work:
            calendar = await self._for_change(calendar_id)
            await self.shelf.remove(calendar)
            self._tell("imported_calendar.deleted", calendar)

    async def _for_change(self, calendar_id: UUID) -> ImportedCalendar:
        found = await self.shelf.for_change(calendar_id)
        if found is None:
            raise NotFound.one("calendar")
        return found

    def _tell(self, action: str, calendar: ImportedCalendar) -> None:
        self.work.record(ScheduleChanged(subject=calendar.user_id, fields=["calendars"]))
        self.work.note(Note(action=action, subject=calendar.id, facts={"user": str(calendar.user_id)}))


class CalendarFetching:
    """Reads a calendar, outside of any transaction. `clock` goes on from its plan: what was missed is read once."""

    def __init__(
        self, shelf: CalendarShelf, calendar: Calendar, source: CalendarSource, clock: Clock, work: UnitOfWork
    ) -> None:
        self.shelf = shelf
        self.calendar = calendar
        self.source = source
        self.clock = clock
        self.work = work

    async def fetch(self, calendar_id: UUID) -> None:
        """Read it if it is due, and plan the next time. What was read before stays where it cannot be read."""
        async with self.work:
            present = await self.shelf.for_change(calendar_id)
            if present is None or not present.is_due(self.clock.now()):
                return
            zone = (await self.calendar.business_time()).zone
        found: Found | ReadFailure | None
        try:
            found = await self.source.read(present.wanted(zone, now=self.clock.now()))
        except NotRead as refusal:
            found = refusal.why
        async with self.work:
            await self._settle(present, found)

    async def _settle(self, before: ImportedCalendar, found: Found | ReadFailure | None) -> None:
        """Keep what was found, unless the calendar is gone, or was wanted anew meanwhile."""
        present, now = await self.shelf.for_change(before.id), self.clock.now()
        if present is None or present.fetch_at != before.fetch_at:
            return
        if isinstance(found, ReadFailure):
            present.was_not_read(found, now=now)
        else:
            present.was_read(found, now=now)
        if isinstance(found, Found) and await self.shelf.keep_busy(present, found.busy):
            self.work.record(ScheduleChanged(subject=present.user_id, fields=["calendars"]))
        await self.shelf.save(present)
        self.work.later(FETCH_CALENDAR, present.id, at=present.fetch_at)

"""New rules of time zones: what was agreed is a time by the clocks, and the instant of it follows (RFC 9557 §1)."""

import copy
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from domains.appointments.commitments import Taken
from domains.appointments.diary import Diary
from domains.appointments.model import Appointment
from domains.appointments.placing import end_holds
from domains.appointments.ports import Calendar, Services
from domains.appointments.spans import Span
from domains.appointments.wall_time import agreed_instant
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.work import UnitOfWork

REDERIVE = "appointments.rederive"


class Agreed(msgspec.Struct, frozen=True):
    """What was agreed of a visit, and the instant that it was by the rules of then."""

    id: UUID
    starts_at: datetime
    starts_local: datetime
    timezone: str

    @property
    def is_another_instant(self) -> bool:
        return agreed_instant(self.starts_local, ZoneInfo(self.timezone), self.starts_at) != self.starts_at


class AgreedTimes(Protocol):
    """What was agreed with customers."""

    async def to_come(self, now: datetime) -> Sequence[Agreed]:
        """Live visits that begin after `now`, by the instants that are stored."""
        ...


class Rederived(msgspec.Struct, frozen=True):
    """Visits that have another instant now, and those that keep the old one, with the visit that is in the way."""

    moved: tuple[UUID, ...] = ()
    kept: Mapping[UUID, UUID] = {}


class Shift(msgspec.Struct, frozen=True):
    """A visit as it is, and as it is to be."""

    before: Appointment
    after: Appointment

    @property
    def holders(self) -> tuple[UUID, ...]:
        return (*((self.before.staff_id,) if self.before.staff_id else ()), *self.before.resource_ids)


class Rederiving:
    """Has visits begin when the clocks show what was agreed. It acts for no user."""

    def __init__(
        self, agreed: AgreedTimes, calendar: Calendar, services: Services, clock: Clock, work: UnitOfWork
    ) -> None:
        self.agreed = agreed
        self.calendar = calendar
        self.clock = clock
        self.work = work
        self.diary = Diary(calendar, services, clock, work)

    async def follow_rules(self, _tenant: UUID) -> None:
        """The rules that are installed are others than those by which the visits were reckoned."""
        await self.carry_out()

    async def carry_out(self) -> Rederived:
        """Move each visit to come whose wall time is another instant by the present rules. Safe to repeat.

        - It keeps its length and its buffers. Its reminders are planned anew, and its change is told as any other.
        - A time that the clocks show twice stays the one that it was.
        - One whose person or resource has another visit then stays where it is, and is named, in the audit log too.
        """
        async with self.work:
            due = [each.id for each in await self.agreed.to_come(self.clock.now()) if each.is_another_instant]
            if not due:
                return Rederived()
            shifts = await self._locked(due)
            kept = in_the_way(shifts, await self._taken(shifts))
            moving = [each for each in shifts if each.before.id not in kept]
            for each in moving:
                await self.calendar.release(each.before)
            for each in moving:
                await self.diary.put_again(each.before, each.after)
            for visit, other in kept.items():
                self.work.note(Note(action="appointment.kept", subject=visit, facts={"in_the_way": str(other)}))
        return Rederived(tuple(each.before.id for each in moving), kept)

    async def _locked(self, due: Sequence[UUID]) -> list[Shift]:
        """People first, then visits, each in the order of ids."""
        found = [await self.calendar.find(each) for each in sorted(due)]
        await self.calendar.schedules({each.staff_id for each in found if each.staff_id}, locked=True)
        present = [await self.calendar.for_change(each.id) for each in found]
        return [Shift(each, shifted(each, now=self.clock.now())) for each in present if each.is_live]

    async def _taken(self, shifts: Sequence[Shift]) -> list[Taken]:
        """What others block."""
        if not shifts:
            return []
        holders = {holder for each in shifts for holder in each.holders}
        own = {each.before.id for each in shifts}
        reach = Span(min(each.after.blocked_from for each in shifts), max(each.after.blocked_until for each in shifts))
        found = (await self.calendar.commitments(holders, reach)).taken
        over = {each.blocker for each in found if each.is_over(self.clock.now())}
        await end_holds(self.calendar, self.work, over)
        return [each for each in found if each.blocker not in own | over]


def shifted(visit: Appointment, *, now: datetime) -> Appointment:
    """The same visit, as long after its wall time as before."""
    found = copy.copy(visit)
    starts = agreed_instant(visit.starts_local, ZoneInfo(visit.timezone), visit.starts_at)
    by = starts - visit.starts_at
    for name in ("starts_at", "ends_at", "blocked_from", "blocked_until"):
        setattr(found, name, getattr(visit, name) + by)
    found.version, found.updated_at = visit.version + 1, now
    return found


def in_the_way(shifts: Sequence[Shift], taken: Sequence[Taken]) -> dict[UUID, UUID]:
    """Which of them stay where they are, and which visit is in the way of each: of others, or of those that stay."""
    staying: dict[UUID, UUID] = {}
    while found := _more(shifts, taken, staying):
        staying |= found
    return staying


def _more(shifts: Sequence[Shift], taken: Sequence[Taken], staying: Mapping[UUID, UUID]) -> dict[UUID, UUID]:
    placed: dict[UUID, list[tuple[Span, UUID]]] = defaultdict(list)
    for each in taken:
        placed[each.holder].append((each.span, each.blocker))
    for shift in shifts:
        if shift.before.id in staying:
            _place(placed, shift, shift.before.blocked)
    found: dict[UUID, UUID] = {}
    for shift in shifts:
        if shift.before.id in staying:
            continue
        met = (visit for holder in shift.holders for span, visit in placed[holder] if span.meets(shift.after.blocked))
        if other := next(met, None):
            found[shift.before.id] = other
        else:
            _place(placed, shift, shift.after.blocked)
    return found


def _place(placed: dict[UUID, list[tuple[Span, UUID]]], shift: Shift, span: Span) -> None:
    for holder in shift.holders:
        placed[holder].append((span, shift.before.id))

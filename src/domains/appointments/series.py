"""Series: visits that were booked together, and are changed one by one or together."""

import copy
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from msgspec import UNSET

from domains.appointments.diary import Diary
from domains.appointments.model import Appointment, AppointmentStatus, ChangeAppointment, Scope
from domains.appointments.recurrence import occurrences
from domains.appointments.spans import sound_instant
from domains.appointments.wall_time import instant_of, shown_at
from domains.shared.ids import new_id
from domains.shared.versions import must_be_current


def series(visit: Appointment, rule: str | None) -> Iterator[Appointment]:
    """`visit`, and where there is a rule, all that follow it; raise `ValidationFailed` where it makes no series."""
    if rule is None:
        yield visit
        return
    times = occurrences(rule, visit.starts_at, ZoneInfo(visit.timezone))
    visit.series_id = new_id()
    template = copy.copy(visit)
    yield visit
    for starts in times[1:]:
        yield template.again(starts)


class SeriesEditing:
    """Changes several visits of a series in the work under way: all, or none."""

    def __init__(self, diary: Diary) -> None:
        self.diary = diary
        self.calendar = diary.calendar

    async def change(
        self, visit_id: UUID, order: ChangeAppointment, scope: Scope, *, expected: Collection[int] | None
    ) -> Appointment:
        """Change each as `order` changes the one: moved as far by the clock, as long as it is then.

        What they had is free for the others before any of them has a new place.
        """
        named = await self.calendar.find(visit_id)
        must_be_current(named.version, expected)
        visits = await self._meant(named, scope)
        moved = _Shift.of(named, order)
        if order.moves:
            for each in visits:
                await self.calendar.release(each)
        for each in visits:
            if each.id != named.id:
                await self._changed(each, moved.applied_to(each, order), expected=None)
        return await self._changed(named, order, expected=expected)

    async def cancel(
        self, visit_id: UUID, reason: str | None, scope: Scope, *, expected: Collection[int] | None
    ) -> None:
        named = await self.calendar.find(visit_id)
        must_be_current(named.version, expected)
        for each in await self._meant(named, scope):
            await self.diary.become(each.id, AppointmentStatus.CANCELLED, reason, expected=None)

    async def _changed(
        self, before: Appointment, order: ChangeAppointment, *, expected: Collection[int] | None
    ) -> Appointment:
        """What stays where it is has its place again, which was given back with the others'."""
        visit = await self.diary.change(before.id, order, expected=expected)
        if order.moves and visit.version == before.version:
            await self.calendar.claim_anew(visit)
        return visit

    async def _meant(self, named: Appointment, scope: Scope) -> Sequence[Appointment]:
        """The live ones. A visit of no series is alone."""
        if named.series_id is None:
            return [named]
        return await self.calendar.of_series(named.series_id, named.starts_at if scope is Scope.FOLLOWING else None)


class _Shift(msgspec.Struct, frozen=True):
    """How far a visit is moved by the clock, and how long it is then."""

    by: timedelta
    length: timedelta | None

    @classmethod
    def of(cls, visit: Appointment, order: ChangeAppointment) -> "_Shift":
        """Raise `ValidationFailed` for times that are out of all range."""
        zone = ZoneInfo(visit.timezone)
        starts = visit.starts_at if order.starts_at is UNSET else sound_instant(order.starts_at, "startsAt")
        length = None if order.ends_at is UNSET else sound_instant(order.ends_at, "endsAt") - starts
        return cls(shown_at(starts, zone) - shown_at(visit.starts_at, zone), length)

    def applied_to(self, visit: Appointment, order: ChangeAppointment) -> ChangeAppointment:
        if order.starts_at is UNSET and order.ends_at is UNSET:
            return order
        starts = self._moved(visit)
        return msgspec.structs.replace(order, starts_at=starts, ends_at=starts + (self.length or visit.span.length))

    def _moved(self, visit: Appointment) -> datetime:
        zone = ZoneInfo(visit.timezone)
        return instant_of(shown_at(visit.starts_at, zone) + self.by, zone) if self.by else visit.starts_at

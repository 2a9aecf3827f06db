"""A visit: an appointment of a customer, and the rules of its life."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, Self
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from msgspec import UNSET, Meta, UnsetType

from domains.appointments.catalogue import LONGEST_MINUTES, Service
from domains.appointments.contact import VisitContact
from domains.appointments.recurrence import RecurrenceRule
from domains.appointments.spans import Instant, Span, sound_instant
from domains.appointments.wall_time import shown_at
from domains.shared.errors import InvalidTransition, ValidationFailed
from domains.shared.fields import MANY_LINES, ONE_LINE, Line, TimezoneName, known_timezone
from domains.shared.ids import new_id
from domains.shared.versions import Resource
from domains.shared.wire import Command

_LONGEST = timedelta(minutes=LONGEST_MINUTES)
Title = Annotated[Line, Meta(examples=["Boiler inspection"])]
Location = Annotated[Line, Meta(examples=["12 Analytical Way"])]
VisitNotes = Annotated[str, Meta(max_length=10_000, pattern=MANY_LINES, examples=["The key is with the neighbour."])]
CancelReason = Annotated[str, Meta(min_length=1, max_length=500, pattern=ONE_LINE, examples=["The customer is ill"])]
EndsAt = Annotated[datetime, Meta(tz=True, examples=["2026-11-23T15:00:00.000Z"])]


class AppointmentStatus(StrEnum):
    """What has become of a visit. The last three are final."""

    SCHEDULED = "scheduled"
    CONFIRMED = "confirmed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


LIVE = frozenset({AppointmentStatus.SCHEDULED, AppointmentStatus.CONFIRMED})


class BookAppointment(Command, frozen=True):
    """A new visit. Without `staffId`, somebody of the service who is free is chosen.

    `endsAt` is by the service's length, and `title` its name, where they are not given. `timezone` is the business's.
    `recurrence` is an RRULE that ends, by `COUNT` or `UNTIL`; it runs in that zone.
    """

    customer_id: UUID
    starts_at: Instant
    ends_at: EndsAt | None = None
    staff_id: UUID | None = None
    service_id: UUID | None = None
    timezone: TimezoneName | None = None
    title: Title | None = None
    location: Location | None = None
    notes: VisitNotes | None = None
    recurrence: RecurrenceRule | None = None


class ChangeAppointment(Command, frozen=True):
    """What to change: an absent field stays as it is, `null` clears it.

    A visit whose beginning alone is changed keeps its length.
    """

    title: Title | UnsetType = UNSET
    starts_at: Instant | UnsetType = UNSET
    ends_at: EndsAt | UnsetType = UNSET
    staff_id: UUID | UnsetType | None = UNSET
    service_id: UUID | UnsetType | None = UNSET
    timezone: TimezoneName | UnsetType = UNSET
    location: Location | UnsetType | None = UNSET
    notes: VisitNotes | UnsetType | None = UNSET

    @property
    def moves(self) -> bool:
        """Whether somebody's time is asked for."""
        return not all(each is UNSET for each in (self.starts_at, self.ends_at, self.staff_id, self.service_id))


class Scope(StrEnum):
    """What of a series is meant: one visit, it and those that follow, or all. Only live ones are touched."""

    ONE = "one"
    FOLLOWING = "following"
    ALL = "all"


class ChangeStatus(Command, frozen=True):
    """What becomes of it. `reason` is kept of a visit that is cancelled."""

    status: AppointmentStatus
    reason: CancelReason | None = None


class Appointment(Resource, kw_only=True):
    """A visit of a customer. Its blocked time is from `blocked_from` until `blocked_until`, buffers counted.

    `starts_local` is what the clocks of `timezone` show when it begins: what was agreed, whatever the zone's rules
    become. `contact` is what a visitor gave who booked it.
    """

    customer_id: UUID
    staff_id: UUID | None
    service_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    blocked_from: datetime
    blocked_until: datetime
    timezone: str
    starts_local: datetime
    status: AppointmentStatus
    title: str
    location: str | None
    notes: str | None
    series_id: UUID | None
    resource_ids: tuple[UUID, ...]
    cancel_reason: str | None
    reminder_minutes: tuple[int, ...]
    reminded_at: datetime | None
    contact: VisitContact | None = None

    @classmethod
    def schedule(cls, order: BookAppointment, service: Service | None, *, zone: str, now: datetime) -> Self:
        """The visit as ordered, nobody chosen yet. `ValidationFailed` where it has no end or no title."""
        starts = sound_instant(order.starts_at, "startsAt")
        title = (order.title or "").strip() or (service.name if service else None)
        if title is None:
            raise ValidationFailed.of("title", "required", "A visit has a title, or a service.")
        if order.ends_at is None and service is None:
            raise ValidationFailed.of("endsAt", "required", "A visit has an end, or a service.")
        found = cls(
            id=new_id(), customer_id=order.customer_id, staff_id=order.staff_id, service_id=order.service_id,
            starts_at=starts, ends_at=starts, blocked_from=starts, blocked_until=starts,
            timezone=known_timezone(order.timezone or zone, "timezone"), starts_local=starts,
            status=AppointmentStatus.SCHEDULED, title=title, location=_text(order.location), notes=_text(order.notes),
            series_id=None, resource_ids=(), cancel_reason=None, reminder_minutes=(), reminded_at=None,
            created_at=now, updated_at=now,
        )  # fmt: skip
        found._put(_span(starts, order.ends_at, service.length if service else timedelta()), service)
        return found

    @property
    def is_live(self) -> bool:
        return self.status in LIVE

    @property
    def is_final(self) -> bool:
        return not self.is_live

    @property
    def span(self) -> Span:
        return Span(self.starts_at, self.ends_at)

    @property
    def blocked(self) -> Span:
        return Span(self.blocked_from, self.blocked_until)

    def again(self, starts: datetime) -> Self:
        """The same visit at another time, as another one of its series."""
        found = msgspec.structs.replace(self, id=new_id(), starts_at=starts, ends_at=starts + self.span.length)
        found.blocked_from = starts - (self.starts_at - self.blocked_from)
        found.blocked_until = found.ends_at + (self.blocked_until - self.ends_at)
        found.starts_local = shown_at(starts, ZoneInfo(self.timezone))
        return found

    def change(self, order: ChangeAppointment, service: Service | None, *, now: datetime) -> list[str]:
        """Carry out `order`, and name the fields that are now different. A final visit is moved no more.

        `service` is the one that it has afterwards.
        """
        if order.moves and self.is_final:
            raise InvalidTransition(f"This visit is {self.status.value}: it is moved no more.")
        before = msgspec.structs.asdict(self)
        for name in ("title", "location", "notes"):
            if (text := getattr(order, name)) is not UNSET:
                setattr(self, name, _text(text) or (self.title if name == "title" else None))
        if order.timezone is not UNSET:
            self.timezone = known_timezone(order.timezone, "timezone")
        for name in ("staff_id", "service_id"):
            if (chosen := getattr(order, name)) is not UNSET:
                setattr(self, name, chosen)
        if order.moves:
            self._put(_moved(self.span, order), service)
        self.starts_local = shown_at(self.starts_at, ZoneInfo(self.timezone))
        return self._changed_since(before, now)

    def become(self, status: AppointmentStatus, reason: str | None, *, now: datetime) -> bool:
        """Whether anything changed by it. Raise `InvalidTransition` where the visit is final, and not that already.

        Nothing becomes `scheduled`.
        """
        if status is self.status is not AppointmentStatus.SCHEDULED:
            return False
        if self.is_final or status is AppointmentStatus.SCHEDULED:
            raise InvalidTransition(f"What is {self.status.value} does not become {status.value}.")
        self.status = status
        if status is AppointmentStatus.CANCELLED:
            self.cancel_reason = _text(reason)
        self.touch(now)
        return True

    def reminders(self) -> list[datetime]:
        """When its customer is to be reminded."""
        return [self.starts_at - timedelta(minutes=minutes) for minutes in self.reminder_minutes]

    def _put(self, span: Span, service: Service | None) -> None:
        self.starts_at, self.ends_at = span.start, span.end
        blocked = span.widened(service.before, service.after) if service else span
        self.blocked_from, self.blocked_until = blocked.start, blocked.end
        self.starts_local = shown_at(span.start, ZoneInfo(self.timezone))

    def _changed_since(self, before: dict[str, Any], now: datetime) -> list[str]:
        changed = [name for name, value in before.items() if value != getattr(self, name)]
        if changed:
            self.touch(now)
        return changed


def _moved(present: Span, order: ChangeAppointment) -> Span:
    starts = present.start if order.starts_at is UNSET else sound_instant(order.starts_at, "startsAt")
    return _span(starts, None if order.ends_at is UNSET else order.ends_at, present.length)


def _span(starts: datetime, ends: datetime | None, length: timedelta) -> Span:
    ends = sound_instant(ends, "endsAt") if ends else starts + length
    if ends <= starts:
        raise ValidationFailed.of("endsAt", "not_after_start", "A visit ends after it starts.")
    if ends - starts > _LONGEST:
        raise ValidationFailed.of("endsAt", "too_late", "A visit lasts 24 hours at most.")
    return Span(starts, ends)


def _text(text: str | None) -> str | None:
    return text.strip() or None if text else None

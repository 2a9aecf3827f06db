"""How services, schedules and visits are shown."""

from typing import Annotated, Self
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from domains.appointments.availability import Reason
from domains.appointments.catalogue import (
    BookableResource,
    Description,
    Duration,
    Kind,
    Price,
    ResourceName,
    Service,
    ServiceName,
)
from domains.appointments.contact import VisitContact
from domains.appointments.hours import ExceptionalDay, StaffSchedule
from domains.appointments.model import (
    Appointment,
    AppointmentStatus,
    CancelReason,
    Location,
    Title,
    VisitNotes,
)
from domains.appointments.policy import (
    BookingPolicy,
    HoldMinutes,
    HorizonDays,
    NoticeMinutes,
    OfferMinutes,
    ReminderMinutes,
    StepMinutes,
)
from domains.appointments.spans import Minutes
from domains.shared.clock import Timestamp
from domains.shared.fields import CurrencyCode, Line, TimezoneName
from domains.shared.wire import View, shown
from domains.tenants import OpeningHours


class ServiceView(View, frozen=True):
    """A service. `price` is in the currency's minor unit; `archivedAt` is null for one that can be booked."""

    id: UUID
    name: ServiceName
    description: Description | None
    duration_minutes: Duration
    buffer_before: Minutes
    buffer_after: Minutes
    price: Price
    currency: CurrencyCode
    staff_ids: tuple[UUID, ...]
    resource_kinds: tuple[Kind, ...]
    bookable_online: bool
    archived_at: Timestamp | None
    version: int
    created_at: Timestamp
    updated_at: Timestamp

    @classmethod
    def of(cls, service: Service) -> Self:
        return shown(cls, service)


class ResourceView(View, frozen=True):
    """A resource: it serves one visit at a time."""

    id: UUID
    name: ResourceName
    kind: Kind
    archived_at: Timestamp | None
    version: int
    created_at: Timestamp
    updated_at: Timestamp

    @classmethod
    def of(cls, resource: BookableResource) -> Self:
        return shown(cls, resource)


class StaffHoursView(View, frozen=True):
    """When somebody works. `hours` is null for one who works when the business is open."""

    user_id: UUID
    hours: OpeningHours | None
    exceptions: tuple[ExceptionalDay, ...]
    version: int

    @classmethod
    def of(cls, schedule: StaffSchedule) -> Self:
        return shown(cls, schedule)


class TimeOffView(View, frozen=True):
    """A time in which somebody is away."""

    starts_at: Timestamp
    ends_at: Timestamp
    reason: Annotated[Line, Meta(examples=["Holiday"])] | None


class StaffTimeOffView(View, frozen=True):
    """When somebody is away, in order."""

    user_id: UUID
    time_off: list[TimeOffView]
    version: int

    @classmethod
    def of(cls, schedule: StaffSchedule) -> Self:
        return shown(cls, schedule, time_off=[shown(TimeOffView, each) for each in schedule.time_off])


class PolicyView(View, frozen=True):
    """How the business lets itself be booked."""

    notice_minutes: NoticeMinutes
    horizon_days: HorizonDays
    step_minutes: StepMinutes
    change_notice_minutes: NoticeMinutes
    reminder_minutes: ReminderMinutes
    hold_minutes: HoldMinutes
    offer_minutes: OfferMinutes
    version: int

    @classmethod
    def of(cls, policy: BookingPolicy) -> Self:
        return shown(cls, policy)


class AppointmentView(View, frozen=True):
    """A visit. `resourceIds` are what serves it beside the person; `contact` is what a visitor gave who booked it."""

    id: UUID
    customer_id: UUID
    staff_id: UUID | None
    service_id: UUID | None
    starts_at: Timestamp
    ends_at: Timestamp
    timezone: TimezoneName
    status: AppointmentStatus
    title: Title
    location: Location | None
    notes: VisitNotes | None
    series_id: UUID | None
    resource_ids: tuple[UUID, ...]
    cancel_reason: CancelReason | None
    contact: VisitContact | None
    version: int
    created_at: Timestamp
    updated_at: Timestamp

    @classmethod
    def of(cls, visit: Appointment) -> Self:
        return shown(cls, visit)


class SlotView(View, frozen=True):
    """A time at which the visit can begin, and with whom."""

    starts_at: Timestamp
    ends_at: Timestamp
    staff_ids: list[UUID]


class ExplanationView(View, frozen=True):
    """No visit with that person begins in this time, because of `reason`; null: with nobody."""

    staff_id: UUID | None
    starts_at: Timestamp
    ends_at: Timestamp
    reason: Reason


class AvailabilityView(View, frozen=True):
    """What is offered, in order. `timezone` is the one in which the business has its days.

    `nextFrom` is the `from` with which the rest is asked for; null, where all is shown. `explanations` is there only
    where it was asked for.
    """

    timezone: Annotated[str, Meta(max_length=64, examples=["America/New_York"])]
    slots: list[SlotView]
    next_from: Timestamp | None
    explanations: list[ExplanationView] | UnsetType = UNSET

"""What customers see of services and of their own visits."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from msgspec import Meta

from domains.appointments.catalogue import Description, Duration, Price, Service, ServiceName
from domains.appointments.holds import Hold
from domains.appointments.model import Appointment, AppointmentStatus, Title
from domains.identity import LinkToken
from domains.shared.clock import Timestamp
from domains.shared.fields import CurrencyCode, TimezoneName
from domains.shared.wire import View, shown


class OnlineServiceView(View, frozen=True):
    """A service, as customers see it."""

    id: UUID
    name: ServiceName
    description: Description | None
    duration_minutes: Duration
    price: Price
    currency: CurrencyCode
    staff_ids: tuple[UUID, ...]

    @classmethod
    def of(cls, service: Service) -> Self:
        return shown(cls, service)


class OnlineServices(View, frozen=True):
    """All that can be booked online, by name."""

    items: Annotated[list[OnlineServiceView], Meta(max_length=100)]


class OnlineBookingView(View, frozen=True):
    """A visit, as its customer sees it, who can move and cancel it until `changeableUntil`."""

    service_id: UUID | None
    staff_id: UUID | None
    starts_at: Timestamp
    ends_at: Timestamp
    timezone: TimezoneName
    status: AppointmentStatus
    title: Title
    changeable_until: Timestamp
    version: int

    @classmethod
    def of(cls, visit: Appointment, *, changeable_until: datetime) -> Self:
        return shown(cls, visit, changeable_until=changeable_until)


class BookedOnlineView(View, frozen=True):
    """A visit that was booked, and the token that shows, moves and cancels it: it is shown this once."""

    token: LinkToken
    booking: OnlineBookingView


class HoldView(View, frozen=True):
    """A time that is kept free until `expiresAt`."""

    service_id: UUID
    staff_id: UUID | None
    starts_at: Timestamp
    ends_at: Timestamp
    timezone: TimezoneName
    expires_at: Timestamp

    @classmethod
    def of(cls, hold: Hold, *, zone: str) -> Self:
        return shown(cls, hold, timezone=zone)


class HeldView(View, frozen=True):
    """A time that is kept free, and the token with which it is booked: it is shown this once."""

    token: LinkToken
    hold: HoldView

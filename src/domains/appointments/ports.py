"""What the calendar needs from the world."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from domains.appointments.catalogue import BookableResource, Service
from domains.appointments.commitments import Commitments
from domains.appointments.holds import Counted, Hold, LetGo
from domains.appointments.hours import StaffSchedule
from domains.appointments.model import Appointment, AppointmentStatus
from domains.appointments.policy import BookingPolicy
from domains.appointments.spans import Span
from domains.appointments.views import (
    AppointmentView,
    PolicyView,
    ResourceView,
    ServiceView,
    StaffHoursView,
    StaffTimeOffView,
)
from domains.appointments.waiting import WaitingEntry
from domains.shared.paging import Page, PageRequest
from domains.tenants import OpeningHours


class BusinessTime(msgspec.Struct, frozen=True):
    """Where the business has its days, when it is open, and how it lets itself be booked."""

    zone: str
    hours: OpeningHours
    policy: BookingPolicy


class Reminded(msgspec.Struct, frozen=True):
    """Whom a letter reaches, and in which language; of whose business it tells."""

    email: str | None
    name: str
    language: str | None
    tenant_name: str


class Services(Protocol):
    """The tenant's services, to be changed."""

    async def add(self, service: Service) -> None: ...

    async def for_change(self, service_id: UUID) -> Service:
        """The service, locked until the work ends. Raises `NotFound`."""
        ...

    async def save(self, service: Service) -> None: ...

    async def current(self, service_id: UUID) -> Service:
        """One that can be booked. Raises `NotFound`, also for one that is archived."""
        ...

    async def any(self, service_id: UUID) -> Service:
        """One of whatever sort. Raises `NotFound`."""
        ...

    async def currency(self) -> str:
        """The business's own."""
        ...

    async def must_be_staff(self, user_ids: Collection[UUID]) -> None:
        """Raise `NotFound` unless all are users of the tenant, and staff at least."""
        ...


class BookableResources(Protocol):
    """The tenant's rooms, vehicles and the like, to be changed."""

    async def add(self, resource: BookableResource) -> None: ...

    async def for_change(self, resource_id: UUID) -> BookableResource:
        """The resource, locked until the work ends. Raises `NotFound`."""
        ...

    async def save(self, resource: BookableResource) -> None: ...


class Schedules(Protocol):
    """When people work, and how the business is booked, to be changed."""

    async def for_change(self, user_id: UUID, *, now: datetime) -> StaffSchedule:
        """Somebody's, locked until the work ends; one that works as the business does, where nothing was said yet.

        Raises `NotFound`.
        """
        ...

    async def save(self, schedule: StaffSchedule) -> None: ...

    async def policy_for_change(self, *, now: datetime) -> BookingPolicy: ...

    async def save_policy(self, policy: BookingPolicy) -> None: ...


class Holds(Protocol):
    """Times that are kept free for a while."""

    async def hold(self, hold_id: UUID) -> Hold | None: ...

    async def add_hold(self, hold: Hold) -> None:
        """Store it, and block whom and what it has. Raises `SlotTaken` where it meets another."""
        ...

    async def let_go(self, hold_ids: Collection[UUID]) -> Sequence[LetGo]:
        """Remove those that are there: their times are free again."""
        ...

    async def count_holds(self, visitor: bytes, *, now: datetime) -> Counted:
        """Those that are good. Whoever counts at the same time waits: it is the last thing before `add_hold`."""
        ...

    async def is_waited_for(self, span: Span) -> bool:
        """Whether somebody on the waiting list would come within `span`."""
        ...


class Calendar(Holds, Protocol):
    """The visits of the tenant, to be booked and changed."""

    async def business_time(self) -> BusinessTime: ...

    async def business_time_for(self, customer_id: UUID) -> BusinessTime:
        """The same, for who is a customer until the work ends.

        Raises `NotFound` unless the customer is the tenant's, and `CustomerMerged` where another stands for it.
        """
        ...

    async def schedules(self, user_ids: Collection[UUID], *, locked: bool) -> Sequence[StaffSchedule]:
        """Those of the users who are staff and not suspended; `locked`, in order of id, until the end."""
        ...

    async def resources(self, kinds: Collection[str], *, locked: bool) -> Sequence[BookableResource]:
        """All current ones of these kinds; locked as above, and after the people."""
        ...

    async def commitments(self, holders: Collection[UUID], during: Span, *, but: Collection[UUID] = ()) -> Commitments:
        """What blocks them, the visits and holds `but` left out; and when people among them are busy elsewhere."""
        ...

    async def add(self, visit: Appointment) -> None:
        """Store it, and block whom and what it has. Where it meets another, the work ends with `SlotTaken`."""
        ...

    async def find(self, visit_id: UUID) -> Appointment:
        """Not locked. Raises `NotFound`."""
        ...

    async def for_change(self, visit_id: UUID) -> Appointment:
        """Locked until the work ends: after the people and resources that it needs. Raises `NotFound`."""
        ...

    async def of_series(self, series_id: UUID, since: datetime | None) -> Sequence[Appointment]:
        """Its live visits, as they begin, from `since` on. Not locked."""
        ...

    async def save(self, visit: Appointment) -> None:
        """Store all but whom and what it blocks."""
        ...

    async def claim_anew(self, visit: Appointment) -> None:
        """Block those that the visit has now, in its present time, and no others. It may end with `SlotTaken`."""
        ...

    async def release(self, visit: Appointment) -> None:
        """Block nobody and nothing for it any more."""
        ...


class ReminderBook(Protocol):
    """Whom letters reach."""

    async def of(self, about: Appointment | WaitingEntry) -> Reminded:
        """By what was given with it, or else by what the business has of the customer. Raises `NotFound`."""
        ...


class AppointmentFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which visits are wanted: those that begin from `start` on and before `end`."""

    start: datetime | None = None
    end: datetime | None = None
    staff_id: UUID | None = None
    customer_id: UUID | None = None
    status: AppointmentStatus | None = None


class AppointmentQueries(Protocol):
    """Visits, to be read. Needs `appointments:read`."""

    async def one(self, visit_id: UUID) -> AppointmentView:
        """Raises `NotFound`."""
        ...

    async def page(self, wanted: AppointmentFilter, request: PageRequest) -> Page[AppointmentView]:
        """A page by `starts_at` or `created_at`."""
        ...


class CatalogueQueries(Protocol):
    """Services and resources, to be read. Needs `services:read`."""

    async def service(self, service_id: UUID) -> ServiceView: ...

    async def services(self, request: PageRequest, *, archived: bool) -> Page[ServiceView]: ...

    async def resource(self, resource_id: UUID) -> ResourceView: ...

    async def resources(self, request: PageRequest, *, archived: bool) -> Page[ResourceView]: ...


class ScheduleQueries(Protocol):
    """Schedules and the policy, to be read. Needs `schedules:read`."""

    async def hours(self, user_id: UUID) -> StaffHoursView: ...

    async def time_off(self, user_id: UUID) -> StaffTimeOffView: ...

    async def policy(self) -> PolicyView: ...

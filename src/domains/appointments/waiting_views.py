"""How places on the waiting list are shown, to staff and to who waits; and what keeps them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, Self
from uuid import UUID

import msgspec

from domains.appointments.contact import VisitContact
from domains.appointments.waiting import OpenPlaces, WaitingEntry, WaitingStatus
from domains.identity import LinkToken
from domains.shared.clock import Timestamp, timestamp
from domains.shared.paging import Page, PageRequest
from domains.shared.wire import View, shown


class WaitingView(View, frozen=True):
    """A place on the waiting list. `offeredAt` is the beginning of the visit that is offered, until `offeredUntil`."""

    id: UUID
    customer_id: UUID
    service_id: UUID
    staff_id: UUID | None
    from_at: Timestamp
    until_at: Timestamp
    contact: VisitContact | None
    status: WaitingStatus
    offered_at: Timestamp | None
    offered_until: Timestamp | None
    visit_id: UUID | None
    version: int
    created_at: Timestamp
    updated_at: Timestamp

    @classmethod
    def of(cls, entry: WaitingEntry) -> Self:
        return shown(cls, entry)


class OfferedTimeView(View, frozen=True):
    """A time that became free, kept until `expiresAt`."""

    starts_at: Timestamp
    expires_at: Timestamp


class WaitingOnlineView(View, frozen=True):
    """A place on the waiting list, as who waits sees it."""

    service_id: UUID
    staff_id: UUID | None
    from_at: Timestamp
    until_at: Timestamp
    status: WaitingStatus
    offer: OfferedTimeView | None
    version: int

    @classmethod
    def of(cls, entry: WaitingEntry, *, now: datetime) -> Self:
        offer = None
        if entry.holds_offer(now) and entry.offered_at and entry.offered_until:
            times = timestamp(entry.offered_at), timestamp(entry.offered_until)
            offer = OfferedTimeView(starts_at=times[0], expires_at=times[1])
        return shown(cls, entry, offer=offer)


class JoinedWaitingListView(View, frozen=True):
    """A place, and the token that shows it, takes and refuses what is offered, and gives it up: it is shown once."""

    token: LinkToken
    place: WaitingOnlineView


class WaitingFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which places are wanted."""

    status: WaitingStatus | None = None
    service_id: UUID | None = None
    customer_id: UUID | None = None


class WaitingList(Protocol):
    """The tenant's waiting list, to be changed."""

    async def add(self, entry: WaitingEntry) -> None: ...

    async def find(self, entry_id: UUID) -> WaitingEntry:
        """Not locked. Raises `NotFound`."""
        ...

    async def for_change(self, entry_id: UUID) -> WaitingEntry:
        """Locked until the work ends, before the people and holds that it takes. Raises `NotFound`."""
        ...

    async def save(self, entry: WaitingEntry) -> None: ...

    async def forget(self, entry_id: UUID) -> None: ...

    async def in_order(self, now: datetime) -> Sequence[WaitingEntry]:
        """Who waits and whose time is not over, the first to come first. Not locked."""
        ...

    async def count(self, entry: WaitingEntry, *, now: datetime) -> OpenPlaces:
        """Those that are open, seen from a new one. Whoever counts at the same time waits: then comes `add`."""
        ...

    async def inherit(self, entry_id: UUID) -> WaitingEntry | None:
        """Have the first place that repeats this one stand for itself, and the others repeat that one."""
        ...


class WaitingQueries(Protocol):
    """The waiting list, to be read. Needs `appointments:read`."""

    async def one(self, entry_id: UUID) -> WaitingView:
        """Raises `NotFound`."""
        ...

    async def page(self, wanted: WaitingFilter, request: PageRequest) -> Page[WaitingView]:
        """A page by `created_at`."""
        ...

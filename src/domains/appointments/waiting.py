"""A place on the waiting list: somebody would come, if a time became free."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

import msgspec
from msgspec import Meta

from domains.appointments.contact import VisitContact
from domains.appointments.holds import Hold
from domains.appointments.spans import Instant, Span, sound_instant
from domains.shared.errors import InvalidTransition, ValidationFailed
from domains.shared.ids import new_id
from domains.shared.versions import Resource
from domains.shared.wire import Command

_LONGEST = timedelta(days=62)
MOST_WAITING = 500
"""Places of one business on which somebody waits."""
MOST_OF_VISITOR, MOST_OF_CUSTOMER = 10, 5
"""Of these, taken by strangers of one network, and for one customer."""
UntilAt = Annotated[datetime, Meta(tz=True, examples=["2026-11-27T22:00:00.000Z"])]


class WaitingStatus(StrEnum):
    """What has become of a place. The last three are final."""

    WAITING = "waiting"
    OFFERED = "offered"
    BOOKED = "booked"
    LEFT = "left"
    EXPIRED = "expired"


_OPEN = frozenset({WaitingStatus.WAITING, WaitingStatus.OFFERED})


class JoinWaitingList(Command, frozen=True):
    """A customer would come for the service at any time from `fromAt` on and before `untilAt`: 62 days at most.

    Without `staffId`, to anybody.
    """

    customer_id: UUID
    service_id: UUID
    from_at: Instant
    until_at: UntilAt
    staff_id: UUID | None = None


class WaitingEntry(Resource, kw_only=True):
    """A place. `offered_at` is the beginning that is offered, kept by `hold_id` until `offered_until`.

    `passed` are the beginnings that were offered and not taken: they are not offered again. `visitor` is a digest of
    where it was asked for. `repeats` is the customer's own earlier place that this one comes to nothing more than:
    then this one is offered nothing, and the business is not told of it. Who asked is answered as everybody is.
    """

    customer_id: UUID
    service_id: UUID
    staff_id: UUID | None
    from_at: datetime
    until_at: datetime
    contact: VisitContact | None
    status: WaitingStatus
    hold_id: UUID | None
    offered_at: datetime | None
    offered_until: datetime | None
    passed: tuple[datetime, ...]
    visit_id: UUID | None
    visitor: bytes | None
    repeats: UUID | None

    @classmethod
    def join(
        cls, order: JoinWaitingList, contact: VisitContact | None, *, now: datetime, visitor: bytes | None = None
    ) -> Self:
        """`ValidationFailed` where the time is over, or ends before it begins, or is longer than 62 days."""
        begin, end = sound_instant(order.from_at, "fromAt"), sound_instant(order.until_at, "untilAt")
        if end <= max(begin, now):
            raise ValidationFailed.of("untilAt", "before_from", "It ends after it begins, and is not over.")
        if end - begin > _LONGEST:
            raise ValidationFailed.of("untilAt", "too_far", "At most 62 days can be waited for.")
        return cls(
            id=new_id(), customer_id=order.customer_id, service_id=order.service_id, staff_id=order.staff_id,
            from_at=begin, until_at=end, contact=contact, status=WaitingStatus.WAITING, hold_id=None, offered_at=None,
            offered_until=None, passed=(), visit_id=None, visitor=visitor, repeats=None, created_at=now, updated_at=now,
        )  # fmt: skip

    @property
    def is_waiting(self) -> bool:
        return self.status is WaitingStatus.WAITING

    @property
    def is_open(self) -> bool:
        return self.status in _OPEN

    @property
    def is_closed(self) -> bool:
        return not self.is_open

    def wants_all_of(self, other: "WaitingEntry") -> bool:
        """Whether all that would do for `other` would do for this one."""
        is_as_open = self.service_id == other.service_id and self.staff_id in (None, other.staff_id)
        return is_as_open and self.from_at <= other.from_at and other.until_at <= self.until_at

    def span(self, now: datetime) -> Span:
        """What is left of its time."""
        return Span(max(self.from_at, now), self.until_at)

    def holds_offer(self, now: datetime) -> bool:
        return self.status is WaitingStatus.OFFERED and self.offered_until is not None and now < self.offered_until

    def offer(self, hold: Hold, *, now: datetime) -> None:
        """Have the hold, until it ends."""
        self.hold_id, self.offered_at, self.offered_until = hold.id, hold.starts_at, hold.expires_at
        self._become(WaitingStatus.OFFERED, now)

    def let_pass(self, *, now: datetime) -> None:
        """Wait on for another time. Raises `InvalidTransition` where nothing is offered."""
        if self.status is not WaitingStatus.OFFERED or self.offered_at is None:
            raise InvalidTransition("Nothing is offered.")
        self.passed = (*self.passed, self.offered_at)
        self._without_offer()
        self._become(WaitingStatus.WAITING, now)

    def book(self, visit: UUID, *, now: datetime) -> None:
        self.visit_id = visit
        self._without_offer()
        self._become(WaitingStatus.BOOKED, now)

    def close(self, status: WaitingStatus, *, now: datetime) -> bool:
        """Whether anything changed by it: a place that is closed stays as it is."""
        if self.is_closed:
            return False
        self._without_offer()
        self._become(status, now)
        return True

    def _without_offer(self) -> None:
        self.hold_id = self.offered_at = self.offered_until = None

    def _become(self, status: WaitingStatus, now: datetime) -> None:
        self.status = status
        self.touch(now)


class OpenPlaces(msgspec.Struct, frozen=True):
    """Places that are open: all, those of one visitor, and those of one customer, of which `same` is as good.

    `frees_in`: when the first of the visitor's and the customer's ends.
    """

    all: int
    of_visitor: int
    of_customer: int
    same: UUID | None
    frees_in: timedelta

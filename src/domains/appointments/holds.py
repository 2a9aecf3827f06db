"""Holds: times that are kept free for somebody for some minutes."""

from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

import msgspec

from domains.appointments.catalogue import Service
from domains.appointments.spans import Span, sound_instant
from domains.shared.ids import new_id

OF_ONE_VISITOR = 5
"""Holds that one visitor has at a time."""
OF_ONE_BUSINESS = 200


class Hold(msgspec.Struct, kw_only=True):
    """A time that is taken until `expires_at`, for nobody's visit yet. `visitor` is a digest of where it was asked."""

    id: UUID
    service_id: UUID
    staff_id: UUID | None
    resource_ids: tuple[UUID, ...]
    starts_at: datetime
    ends_at: datetime
    blocked_from: datetime
    blocked_until: datetime
    expires_at: datetime
    visitor: bytes | None

    @classmethod
    def of(
        cls, service: Service, starts: datetime, *, staff: UUID | None, until: datetime, visitor: bytes | None = None
    ) -> Self:
        """Nobody chosen yet."""
        starts = sound_instant(starts, "startsAt")
        span = Span(starts, starts + service.length)
        blocked = span.widened(service.before, service.after)
        return cls(
            id=new_id(), service_id=service.id, staff_id=staff, resource_ids=(), starts_at=span.start,
            ends_at=span.end, blocked_from=blocked.start, blocked_until=blocked.end, expires_at=until, visitor=visitor,
        )  # fmt: skip

    @property
    def span(self) -> Span:
        return Span(self.starts_at, self.ends_at)

    @property
    def blocked(self) -> Span:
        return Span(self.blocked_from, self.blocked_until)

    def is_good(self, now: datetime) -> bool:
        return now < self.expires_at

    def is_over(self, now: datetime) -> bool:
        return not self.is_good(now)


class LetGo(msgspec.Struct, frozen=True):
    """A hold that is no more, and the time that is free by it. `of_visitor`: not of who waits."""

    id: UUID
    span: Span
    of_visitor: bool


class Counted(msgspec.Struct, frozen=True):
    """Holds that are good: one visitor's, and all of the business. `frees_at`: when the visitor's first one ends."""

    own: int
    all: int
    frees_in: timedelta

"""What people and resources have to do already."""

from datetime import datetime
from uuid import UUID

import msgspec

from domains.appointments.spans import Span


class Taken(msgspec.Struct, frozen=True):
    """`holder`, a person or a resource, is blocked in `span` by a visit, or by a hold until `expires_at`."""

    holder: UUID
    span: Span
    blocker: UUID
    expires_at: datetime | None = None

    def is_over(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now


class Elsewhere(msgspec.Struct, frozen=True):
    """A person has something else in `span`, by a calendar of their own."""

    person: UUID
    span: Span


class Commitments(msgspec.Struct, frozen=True):
    """What people and resources have to do already. A hold that is over may still be among what is taken."""

    taken: list[Taken]
    elsewhere: list[Elsewhere]

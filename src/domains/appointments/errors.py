"""What the calendar refuses."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from domains.shared.errors import Conflict, DomainError


class SlotTaken(Conflict):
    """Somebody or something that the visit needs has another one then. `conflicts_with` names it, where it is shown.

    `instead` works out when it could be, once nobody waits for it.
    """

    code = "slot_taken"
    title = "The time is taken"

    def __init__(self, detail: str, *, conflicts_with: UUID | None = None) -> None:
        super().__init__(detail)
        self.conflicts_with = conflicts_with
        self.instead: Callable[[], list[datetime]] = list


class OutsideHours(DomainError):
    """The time is not one of those that are offered."""

    code = "outside_hours"
    title = "The time is not offered"

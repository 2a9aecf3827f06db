"""What a provider sent, on its way from the wire to its effect."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

KEPT = timedelta(days=35)
WAITED = timedelta(days=3)
MOST_EVENT_ID = 255

_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=6)


class Route(msgspec.Struct, frozen=True):
    """Whose something is: the tenant, and what it is there."""

    tenant: UUID
    subject: UUID


class Incoming(msgspec.Struct, frozen=True, kw_only=True):
    """A request as it came. `key` is what the tenant is found by; headers are in lower case, given once each."""

    provider: str
    key: str
    headers: Mapping[str, str]
    body: bytes


class DeliveryState(StrEnum):
    """`waiting`: for something that we do not know yet. `stranded`: it never came."""

    RECEIVED = "received"
    WAITING = "waiting"
    APPLIED = "applied"
    STRANDED = "stranded"


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One event of a provider. `integration` is the tenant's, to which it was sent; `body` is as it was signed."""

    id: UUID
    integration: UUID
    provider: str
    event_id: str
    body: bytes
    received_at: datetime
    state: DeliveryState = DeliveryState.RECEIVED
    tries: int = 0

    def next_try(self, now: datetime) -> datetime | None:
        """After 1, 2, 4 … minutes, up to six hours; None once it has waited for three days."""
        if now - self.received_at >= WAITED:
            return None
        delay: timedelta = _FIRST_WAIT * 2.0 ** min(self.tries, 10)
        return now + min(delay, _LONGEST_WAIT)


class NotYet(Exception):
    """An event is about something that is not here yet. Raised before anything is changed.

    `waits_for` names it, as `Arrivals` will.
    """

    def __init__(self, waits_for: str) -> None:
        super().__init__(waits_for)
        self.waits_for = waits_for

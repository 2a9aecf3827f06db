"""Envelopes: what has to follow a commit."""

from datetime import timedelta
from typing import Protocol
from uuid import UUID

import msgspec


class Envelope(msgspec.Struct, frozen=True):
    """One event for one subscriber. `attempts` counts this one."""

    tenant: UUID
    id: UUID
    event: UUID
    subscriber: str
    attempts: int


class Outbox(Protocol):
    """The envelopes of all tenants. What is claimed and not settled becomes due again by itself."""

    async def claim(self, most: int) -> list[Envelope]: ...

    async def done(self, envelope: Envelope) -> None: ...

    async def again(self, envelope: Envelope, delay: timedelta) -> None: ...

    async def park(self, envelope: Envelope) -> None:
        """Put it aside for an operator: it failed too often."""
        ...

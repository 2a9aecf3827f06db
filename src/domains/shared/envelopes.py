"""Envelopes: what has to follow a commit, at once or at its time."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec


class Envelope(msgspec.Struct, frozen=True):
    """One thing to do for one tenant: `kind` names it, `subject` is what it is about. Nothing in it is personal.

    `due_at` is in the time of the business clock; `attempts` counts those begun before.
    """

    tenant: UUID
    id: UUID
    kind: str
    subject: UUID
    due_at: datetime
    attempts: int


class Envelopes(Protocol):
    """The envelopes of all tenants."""

    async def due(self) -> list[Envelope]:
        """What can be done now, the longest due first; no tenant's flood hides another's."""
        ...

    async def claim(self, envelope: Envelope) -> bool:
        """Take it for a few seconds. False when another worker has it, or has done it."""
        ...

    async def keep(self, envelope: Envelope) -> None:
        """Hold it for a few seconds more: the work goes on."""
        ...

    async def done(self, envelope: Envelope) -> None: ...

    async def put_off(self, envelope: Envelope, *, seconds: float) -> None: ...

    async def park(self, envelope: Envelope) -> None:
        """Put it aside for an operator: it failed too often."""
        ...

"""Envelopes: what has to follow a commit, at once or at its time."""

from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec


class Envelope(msgspec.Struct, frozen=True):
    """One thing to do for one tenant: `kind` names it, `subject` is what it is about. Nothing in it is personal.

    `due_at` is in the time of the business clock; `attempts` counts those begun before. Where the subject is an event,
    `about` is what that event is about, if it was looked up.
    """

    tenant: UUID
    id: UUID
    kind: str
    subject: UUID
    due_at: datetime
    attempts: int = 0
    about: UUID | None = None


class Envelopes(Protocol):
    """The envelopes of all tenants that are taken one by one, under a lease: what they ask for is outside."""

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


class Batch(Protocol):
    """Some due envelopes of one tenant, in one transaction: what they come to is stored when they are taken away."""

    @property
    def is_lost(self) -> bool:
        """Whether its transaction cannot be stored any more."""
        ...

    @property
    def is_in_steps(self) -> bool:
        """Whether each envelope can be undone by itself. Otherwise one that fails takes all with it."""
        ...

    @property
    def is_all(self) -> bool:
        """Whether nothing else was due when it was taken."""
        ...

    def first(self) -> Envelope | None:
        """The longest due of those left; what was planned meanwhile, and is due too, has its place among them."""
        ...

    async def carry_out(self, envelope: Envelope) -> None:
        """Do it. What it raises leaves nothing of it, and in steps all of the others."""
        ...

    def failed(self, envelope: Envelope, *, seconds: float | None) -> None:
        """Have it tried again after `seconds`; None puts it aside for an operator."""
        ...


class Batches(Protocol):
    """The envelopes of all tenants whose effect is in the database: it happens exactly once."""

    async def waiting(self) -> list[UUID]:
        """The tenants that have something due, the longest due first."""
        ...

    def of(self, tenant: UUID, *, in_steps: bool = False) -> AbstractAsyncContextManager[Batch]:
        """Take what is due, the longest due first, unless another worker is at this tenant's. Leaving stores it all.

        It is in steps when asked for, or when one of them has failed before.
        """
        ...

    async def failed(self, envelope: Envelope, *, seconds: float | None) -> None:
        """The same as a batch's, for one whose batch was lost over it."""
        ...

"""What open sockets hear: the tenant's events in one order, each as a frame to those who may see it."""

from collections.abc import Collection
from typing import Protocol
from uuid import UUID

import msgspec

from domains.shared.permissions import Permission, Role


class FrameKind(msgspec.Struct, frozen=True, kw_only=True):
    """How one type of event goes to sockets: as the frame `event`, to users whose role has `audience`."""

    event: str
    change: str
    audience: Permission


class LoggedEvent(msgspec.Struct, frozen=True):
    """A line of the event log. `seq` grows by one from event to event of a tenant."""

    seq: int
    type: str
    audience: str
    subject: UUID
    subject_version: int


class EventLog(Protocol):
    """The numbered events of each tenant, kept for seven days."""

    async def heads(self, tenants: Collection[UUID]) -> dict[UUID, int]:
        """The last number of each tenant; 0 where nothing has happened."""
        ...

    async def after(self, tenant: UUID, seq: int, *, most: int) -> list[LoggedEvent]:
        """The events that follow number `seq`, in order."""
        ...


class Bell(Protocol):
    """Tells that event logs have grown. It may miss something: whoever listens also looks from time to time."""

    async def rung(self, *, patience: float) -> frozenset[UUID] | None:
        """The tenants whose log has grown; None after `patience` seconds, or when it may have missed something."""
        ...


class Places(Protocol):
    """What each user has open in all processes together, as pairs of the user and a place."""

    async def take(self, user: UUID, place: UUID) -> bool | None:
        """Whether one more may be open; then it is counted. None where that cannot be told at present."""
        ...

    async def keep(self, taken: Collection[tuple[UUID, UUID]]) -> None:
        """Say that these are still open. What nobody keeps for half a minute is open no more."""
        ...

    async def give_back(self, left: Collection[tuple[UUID, UUID]]) -> None: ...


class Standings(Protocol):
    """What open sessions are worth at present."""

    async def of(self, sessions: Collection[UUID]) -> dict[UUID, Role]:
        """The role of each session's user. A session that is absent has ended."""
        ...

"""What the inbox needs from the world."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domains.inbox.model import Delivery, Incoming, Route


class Routes(Protocol):
    """Finds the tenant of what comes from outside: an address, a number, a key. In the present work."""

    async def find(self, kind: str, key: str) -> Route | None: ...

    async def add(self, kind: str, key: str, subject: UUID) -> bool:
        """Lead `key` to the tenant to which the work is bound. False when it leads somewhere already."""
        ...

    async def remove(self, kind: str, key: str) -> bool:
        """False when it does not lead to the tenant to which the work is bound."""
        ...


class InboundProvider(Protocol):
    """One provider: how it shows that it is who it says."""

    async def authenticate(self, incoming: Incoming, route: Route) -> str:
        """The provider's id of the event, once the raw body is proven. Nothing is parsed before.

        Raise `Unauthenticated` where it is not proven, `ValidationFailed` where it is, and cannot be read.
        """
        ...


InboundProviders = Mapping[str, InboundProvider]


class Applier(Protocol):
    """Carries out what one provider tells."""

    async def apply(self, delivery: Delivery) -> None:
        """In the present work. A type of event that is not known is passed over. Raise `NotYet` before any change."""
        ...


class Appliers(Protocol):
    """One for each provider."""

    def of(self, provider: str) -> Applier: ...


class Inbox(Protocol):
    """The deliveries of the tenant to which the present work is bound."""

    async def keep(self, delivery: Delivery) -> bool:
        """False when this event of this integration is there already."""
        ...

    async def for_change(self, delivery_id: UUID) -> Delivery | None: ...

    async def applied(self, delivery_id: UUID, *, now: datetime) -> None: ...

    async def put_off(self, delivery_id: UUID, *, waits_for: str) -> None: ...

    async def strand(self, delivery_id: UUID, *, waits_for: str) -> None:
        """Give it up, and list it for operators."""
        ...

    async def waiting_for(self, name: str) -> list[UUID]: ...

    async def take_up(self, delivery_id: UUID) -> None:
        """Have it as it was when it came; what was parked of it is gone."""
        ...

    async def forget(self, delivery_id: UUID) -> None: ...

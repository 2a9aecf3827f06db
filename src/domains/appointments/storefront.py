"""The door through which customers come: a business by its slug, and what their tokens lead to."""

from enum import StrEnum
from typing import Protocol
from uuid import UUID

import msgspec

from domains.appointments.catalogue import Service
from domains.appointments.contact import VisitContact
from domains.customers import Customer
from domains.shared.errors import NotFound
from domains.shared.work import UnitOfWork


class Door(StrEnum):
    """What a token leads to."""

    BOOKING = "booking"
    HOLD = "hold"
    WAITING = "waiting"


class Lead(msgspec.Struct, frozen=True):
    """Where a token leads."""

    tenant: UUID
    subject: UUID


_CALLED = {Door.BOOKING: "booking", Door.HOLD: "hold", Door.WAITING: "place on the waiting list"}


class Storefront(Protocol):
    """The door. A token follows from what it leads to, and is stored nowhere."""

    async def tenant(self, slug: str) -> UUID | None:
        """The business; None where it is not open to anybody. In a work bound to no tenant."""
        ...

    async def lead_of(self, door: Door, token: str) -> Lead | None:
        """In a work bound to no tenant."""
        ...

    def token(self, door: Door, lead: Lead) -> str:
        """The one that leads there: always the same."""
        ...

    async def open(self, door: Door, subject: UUID) -> str:
        """Have its token lead to `subject`, from now on, and give it."""
        ...

    async def close(self, door: Door, subject: UUID) -> None:
        """Have its token lead nowhere."""
        ...

    async def may_write_to(self, email: str) -> bool:
        """Count a letter that somebody without a credential causes: five an hour to one address."""
        ...

    def known_as(self, visitor: str) -> bytes:
        """A digest of where somebody comes from, that tells nobody where that is."""
        ...

    async def services(self) -> list[Service]:
        """Those that can be booked online, by name; a hundred at most."""
        ...

    async def customer_of(self, contact: VisitContact) -> UUID | None:
        """Whom the address reaches, or else the number: current customers before archived ones, older ones first."""
        ...

    async def add_customer(self, customer: Customer) -> None: ...


async def tenant_at(storefront: Storefront, work: UnitOfWork, slug: str) -> UUID:
    """The business with this slug. Raises `NotFound`."""
    async with work.within(None):
        found = await storefront.tenant(slug)
    if found is None:
        raise NotFound.one("business")
    return found


async def lead_at(storefront: Storefront, work: UnitOfWork, door: Door, token: str) -> Lead:
    """Where the token leads. Raises `NotFound`."""
    async with work.within(None):
        found = await storefront.lead_of(door, token)
    if found is None:
        raise NotFound.one(_CALLED[door])
    return found

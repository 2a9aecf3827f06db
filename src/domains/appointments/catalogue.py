"""What a business offers, and what beside people it takes: services, and resources such as rooms and vehicles."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Self
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from domains.appointments.spans import Minutes
from domains.shared.fields import MANY_LINES, CurrencyCode, Line, known_currency, trimmed
from domains.shared.ids import new_id
from domains.shared.versions import Archivable
from domains.shared.wire import Command

LONGEST_MINUTES = 1_440
ServiceName = Annotated[Line, Meta(examples=["Boiler inspection"])]
ResourceName = Annotated[Line, Meta(examples=["Room 2"])]
Description = Annotated[str, Meta(max_length=2_000, pattern=MANY_LINES, examples=["With a written report."])]
Duration = Annotated[int, Meta(ge=1, le=LONGEST_MINUTES, examples=[60])]
Price = Annotated[int, Meta(ge=0, le=2**53 - 1, examples=[9500])]
Kind = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[a-z][a-z0-9_]*$(?!\n)", examples=["room"])]
StaffIds = Annotated[tuple[UUID, ...], Meta(max_length=100, examples=[[]])]
Kinds = Annotated[tuple[Kind, ...], Meta(max_length=5, examples=[[]])]


class CreateService(Command, frozen=True):
    """A new service. `price` is in the currency's minor unit; the currency is the business's where none is given.

    `staffIds` are those who can carry it out; `resourceKinds` what it takes beside them, of each kind one.
    """

    name: ServiceName
    duration_minutes: Duration
    description: Description | None = None
    buffer_before: Minutes = 0
    buffer_after: Minutes = 0
    price: Price = 0
    currency: CurrencyCode | None = None
    staff_ids: StaffIds = ()
    resource_kinds: Kinds = ()
    bookable_online: bool = False


class ChangeService(Command, frozen=True):
    """What to change: an absent field stays as it is, `null` clears it; lists are replaced whole."""

    name: ServiceName | UnsetType = UNSET
    description: Description | UnsetType | None = UNSET
    duration_minutes: Duration | UnsetType = UNSET
    buffer_before: Minutes | UnsetType = UNSET
    buffer_after: Minutes | UnsetType = UNSET
    price: Price | UnsetType = UNSET
    currency: CurrencyCode | UnsetType = UNSET
    staff_ids: StaffIds | UnsetType = UNSET
    resource_kinds: Kinds | UnsetType = UNSET
    bookable_online: bool | UnsetType = UNSET


class CreateResource(Command, frozen=True):
    """A new resource. A service that needs its `kind` takes one of them that is free."""

    name: ResourceName
    kind: Kind


class ChangeResource(Command, frozen=True):
    """What to change: an absent field stays as it is."""

    name: ResourceName | UnsetType = UNSET
    kind: Kind | UnsetType = UNSET


class Service(Archivable, kw_only=True):
    """What the business does for customers, and how long that takes."""

    name: str
    description: str | None
    duration_minutes: int
    buffer_before: int
    buffer_after: int
    price: int
    currency: str
    staff_ids: tuple[UUID, ...]
    resource_kinds: tuple[str, ...]
    bookable_online: bool

    @classmethod
    def create(cls, order: CreateService, *, currency: str, now: datetime) -> Self:
        kept = _kept({**order.given(), "currency": order.currency or currency})
        return cls(id=new_id(), **kept, created_at=now, updated_at=now)

    def change(self, order: ChangeService, *, now: datetime) -> list[str]:
        return self.take(_kept(order.given()), now=now)

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.duration_minutes)

    @property
    def before(self) -> timedelta:
        return timedelta(minutes=self.buffer_before)

    @property
    def after(self) -> timedelta:
        return timedelta(minutes=self.buffer_after)


class BookableResource(Archivable, kw_only=True):
    """A room, a vehicle, a machine: it serves one visit at a time."""

    name: str
    kind: str

    @classmethod
    def create(cls, order: CreateResource, *, now: datetime) -> Self:
        return cls(id=new_id(), **_kept(order.given()), created_at=now, updated_at=now)

    def change(self, order: ChangeResource, *, now: datetime) -> list[str]:
        return self.take(_kept(order.given()), now=now)


def _kept(given: dict[str, Any]) -> dict[str, Any]:
    """The fields as they are kept: names are trimmed, lists are in order and have each entry once."""
    kept = dict(given)
    if "name" in kept:
        kept["name"] = trimmed(kept["name"], "name", shortest=1)
    if kept.get("description") is not None:
        kept["description"] = kept["description"].strip() or None
    if "currency" in kept:
        kept["currency"] = known_currency(kept["currency"], "currency")
    for name in ("staff_ids", "resource_kinds"):
        if name in kept:
            kept[name] = tuple(sorted(set(kept[name])))
    return kept

"""What the price list needs from the world."""

from collections.abc import Collection, Mapping
from typing import Protocol
from uuid import UUID

from domains.billing.price_list import PriceItem, PriceItemView
from domains.shared.paging import Page, PageRequest


class PriceItems(Protocol):
    """The tenant's prices, to be changed and to be taken over."""

    async def add(self, price: PriceItem) -> None:
        """Raises `AlreadyExists` where another that is not archived has its SKU."""
        ...

    async def must_hold(self, most: int) -> None:
        """Raise `Conflict` where more are not archived, those of this work counted. Others who ask wait for its end."""
        ...

    async def for_change(self, price_id: UUID) -> PriceItem:
        """The price, locked until the work ends. Raises `NotFound`."""
        ...

    async def save(self, price: PriceItem) -> None:
        """Raises `AlreadyExists` as above."""
        ...

    async def all_of(self, price_ids: Collection[UUID]) -> Mapping[UUID, PriceItem]:
        """Those of them that there are, archived or not, by their ids; not locked."""
        ...

    async def of_services(self, service_ids: Collection[UUID]) -> Mapping[UUID, PriceItem]:
        """The same of services: each as a price without taxes of its own, a unit or an SKU."""
        ...


class PriceQueries(Protocol):
    """The price list, to be read. Needs `quotes:read`."""

    async def one(self, price_id: UUID) -> PriceItemView:
        """The price, archived or not. Raises `NotFound`."""
        ...

    async def page(self, request: PageRequest, *, search: str | None, archived: bool) -> Page[PriceItemView]:
        """A page by name. `search` is in the name or the SKU."""
        ...

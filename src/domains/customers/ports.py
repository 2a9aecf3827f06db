"""What customers need from the world."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from domains.customers.model import Customer
from domains.customers.views import CustomerView
from domains.shared.paging import Page, PageRequest


class CustomerFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which customers are wanted. `created_from` is included, `created_before` is not."""

    archived: bool = False
    tag: str | None = None
    created_from: datetime | None = None
    created_before: datetime | None = None


class Customers(Protocol):
    """The tenant's customers, to be changed."""

    async def add(self, customer: Customer) -> None: ...

    async def for_change(self, customer_id: UUID) -> Customer:
        """The customer, locked until the work ends. Raises `NotFound`."""
        ...

    async def save(self, customer: Customer) -> None: ...


class CustomerQueries(Protocol):
    """The tenant's customers, to be read. Needs `customers:read`."""

    async def one(self, customer_id: UUID) -> CustomerView:
        """The customer, archived or not. Raises `NotFound`."""
        ...

    async def page(self, wanted: CustomerFilter, request: PageRequest) -> Page[CustomerView]:
        """A page by `created_at` or `name`, ties broken by id."""
        ...

"""What customers need from the world."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from domains.customers.model import Customer
from domains.customers.views import CustomerView, DuplicatesView, TagsView
from domains.shared.paging import Page, PageRequest

RELEVANCE = "relevance"


class CustomerFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which customers are wanted. `created_from` is included, `created_before` is not.

    `search` is met by whoever has, for each of its words, a word that begins so: in anything that is kept of the
    customer. A name may differ by one letter. A number is met by a phone number that goes on so from any of its digits.
    """

    search: str | None = None
    archived: bool = False
    tag: str | None = None
    source: str | None = None
    language: str | None = None
    has_email: bool | None = None
    has_phone: bool | None = None
    created_from: datetime | None = None
    created_before: datetime | None = None

    @property
    def natural_sort(self) -> str:
        """The order in which whoever asks for none expects them."""
        return RELEVANCE if self.search is not None else "-createdAt"


class Customers(Protocol):
    """The tenant's customers, to be changed."""

    async def add(self, customer: Customer) -> None: ...

    async def for_change(self, customer_id: UUID) -> Customer:
        """The customer, locked until the work ends. Raises `NotFound`."""
        ...

    async def save(self, customer: Customer) -> None: ...


class Identities(Protocol):
    """Under which ids customers of the tenant are known. Whatever lists by customer asks here, inside the work."""

    async def of(self, customer: UUID) -> Sequence[UUID]:
        """The customer's own id first, and those of all who were merged into it. Raises `NotFound`."""
        ...


class CustomerQueries(Protocol):
    """The tenant's customers, to be read. Needs `customers:read`."""

    async def one(self, customer_id: UUID) -> CustomerView:
        """The customer, archived or not. Raises `NotFound`."""
        ...

    async def duplicates(self, customer_id: UUID) -> DuplicatesView:
        """Who else has one of the customer's e-mail addresses or phone numbers. Raises `NotFound`."""
        ...

    async def tags(self) -> TagsView:
        """The tags that are in use."""
        ...

    async def page(self, wanted: CustomerFilter, request: PageRequest) -> Page[CustomerView]:
        """A page by `created_at`, `name` or, where something is searched for, `RELEVANCE`; ties broken by id.

        By relevance come those whose name begins with the search, those with all its words in name or company, those
        with all of them anywhere, and those with a letter of a name that differs; each by name.
        """
        ...

"""What quotes need from the world."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from domains.quotes.model import Quote
from domains.quotes.status import QuoteStatus
from domains.quotes.views import QuoteView
from domains.shared.paging import Page, PageRequest


class QuoteFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which quotes are wanted. `created_from` is included, `created_before` is not.

    `search` is in the number, the items, the notes or the terms, or finds the customer.
    """

    status: QuoteStatus | None = None
    customer_id: UUID | None = None
    created_from: datetime | None = None
    created_before: datetime | None = None
    search: str | None = None


class Quotes(Protocol):
    """The tenant's quotes, to be changed."""

    async def add(self, quote: Quote) -> None: ...

    async def for_change(self, quote_id: UUID) -> Quote:
        """The quote, locked until the work ends. Raises `NotFound`."""
        ...

    async def find(self, quote_id: UUID) -> Quote | None:
        """The same, or None where it is gone."""
        ...

    async def version_after(self, quote_id: UUID) -> Quote | None:
        """The version that was made of it, not locked; None where there is none."""
        ...

    async def read(self, quote_id: UUID) -> Quote:
        """The quote as it stands, not locked. Raises `NotFound`."""
        ...

    async def save(self, quote: Quote) -> None:
        """Raises `AlreadyExists` where another has its number: the business has taken to a format that repeats them."""
        ...

    async def remove(self, quote_id: UUID) -> None: ...


class QuoteQueries(Protocol):
    """The tenant's quotes, to be read. Needs `quotes:read`."""

    async def one(self, quote_id: UUID) -> QuoteView:
        """The quote. Raises `NotFound`."""
        ...

    async def page(self, wanted: QuoteFilter, request: PageRequest) -> Page[QuoteView]:
        """A page by `created_at`, ties broken by id."""
        ...

    async def versions(self, quote_id: UUID, request: PageRequest) -> Page[QuoteView]:
        """The same of the quote and of all its earlier and later versions. Raises `NotFound`."""
        ...

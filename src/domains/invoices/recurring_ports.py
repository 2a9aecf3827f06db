"""What recurring invoices need from the world, and how they are shown."""

from datetime import date
from typing import Annotated, Protocol, Self
from uuid import UUID

import msgspec
from msgspec import Meta

from domains.billing import Amount, Discount, DocumentText, Items
from domains.invoices.recurrence import Interval, PaymentDays, Period, RecurringInvoice, RecurringStatus
from domains.shared.clock import Timestamp
from domains.shared.fields import CurrencyCode
from domains.shared.paging import Page, PageRequest
from domains.shared.wire import View, shown


class RecurringInvoiceView(View, frozen=True):
    """What is charged again and again. `upcoming` are the next dates, `made` says how many invoices there are of it.

    `total` is what each comes to, in the minor unit of `currency`.
    """

    id: UUID
    customer_id: UUID
    status: RecurringStatus
    every: Period
    interval: Interval
    starts_on: date
    ends_on: date | None
    next_on: date | None
    upcoming: Annotated[tuple[date, ...], Meta(max_length=5)]
    made: Annotated[int, Meta(ge=0)]
    sends: bool
    payment_days: PaymentDays | None
    currency: CurrencyCode
    prices_include_tax: bool
    items: Items
    discount: Discount | None
    total: Amount
    notes: DocumentText | None
    terms: DocumentText | None
    version: int
    created_at: Timestamp
    updated_at: Timestamp

    @classmethod
    def of(cls, recurring: RecurringInvoice) -> Self:
        return shown(cls, recurring)


class RecurringFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which recurring invoices are wanted."""

    status: RecurringStatus | None = None
    customer_id: UUID | None = None


class RecurringInvoices(Protocol):
    """What the tenant charges again and again, to be changed."""

    async def add(self, recurring: RecurringInvoice) -> None: ...

    async def for_change(self, recurring_id: UUID) -> RecurringInvoice:
        """Locked until the work ends. Raises `NotFound`."""
        ...

    async def find(self, recurring_id: UUID) -> RecurringInvoice | None:
        """The same, or None where it is gone."""
        ...

    async def save(self, recurring: RecurringInvoice) -> None: ...

    async def remove(self, recurring_id: UUID) -> None: ...


class RecurringInvoiceQueries(Protocol):
    """The same, to be read. Needs `invoices:read`."""

    async def one(self, recurring_id: UUID) -> RecurringInvoiceView:
        """Raises `NotFound`."""
        ...

    async def page(self, wanted: RecurringFilter, request: PageRequest) -> Page[RecurringInvoiceView]:
        """A page by `created_at`, ties broken by id."""
        ...

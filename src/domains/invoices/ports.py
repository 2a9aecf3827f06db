"""What invoices need from the world."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

import msgspec

from domains.invoices.credit_notes import CreditNote
from domains.invoices.model import Invoice
from domains.invoices.status import InvoiceStatus
from domains.invoices.views import CreditNoteView, InvoiceView
from domains.shared.paging import Page, PageRequest


class InvoiceFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which invoices are wanted. `created_from` is included, `created_before` is not.

    `due_by`: something is to be paid until that day. `search` is in the number, the items, the notes or the terms, or
    finds the customer.
    """

    status: InvoiceStatus | None = None
    customer_id: UUID | None = None
    created_from: datetime | None = None
    created_before: datetime | None = None
    due_by: date | None = None
    search: str | None = None


class Invoices(Protocol):
    """The tenant's invoices, to be changed."""

    async def add(self, invoice: Invoice) -> None: ...

    async def for_change(self, invoice_id: UUID) -> Invoice:
        """The invoice, locked until the work ends. Raises `NotFound`."""
        ...

    async def find(self, invoice_id: UUID) -> Invoice | None:
        """The same, or None where it is gone."""
        ...

    async def read(self, invoice_id: UUID) -> Invoice:
        """The invoice as it stands, not locked. Raises `NotFound`."""
        ...

    async def save(self, invoice: Invoice) -> None:
        """Raises `AlreadyExists` where another has its number: the business has taken to a format that repeats them."""
        ...

    async def remove(self, invoice_id: UUID) -> None: ...


class InvoiceQueries(Protocol):
    """The tenant's invoices, to be read. Needs `invoices:read`."""

    async def one(self, invoice_id: UUID) -> InvoiceView:
        """The invoice. Raises `NotFound`."""
        ...

    async def page(self, wanted: InvoiceFilter, request: PageRequest) -> Page[InvoiceView]:
        """A page by `created_at`, ties broken by id."""
        ...


class CreditNotes(Protocol):
    """The tenant's credit notes. They are never changed."""

    async def add(self, note: CreditNote) -> None:
        """Raises `AlreadyExists` where another has its number."""
        ...

    async def read(self, note_id: UUID) -> CreditNote:
        """Raises `NotFound`."""
        ...

    async def of(self, invoice_id: UUID) -> Sequence[CreditNote]:
        """Those of an invoice, the oldest first."""
        ...


class CreditNoteQueries(Protocol):
    """Credit notes, to be read. Needs `invoices:read`."""

    async def one(self, note_id: UUID) -> CreditNoteView:
        """Raises `NotFound`."""
        ...

    async def page(self, invoice_id: UUID, request: PageRequest) -> Page[CreditNoteView]:
        """Those of an invoice. Raises `NotFound`."""
        ...


class Settlement(Protocol):
    """A step of others, inside their work: how the rest of an invoice is received when staff say that it is paid."""

    async def of_rest(self, invoice: Invoice) -> None:
        """Receive all that is due, and save the invoice."""
        ...

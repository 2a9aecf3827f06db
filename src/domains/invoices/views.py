"""How invoices are shown."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from msgspec import Meta

from domains.billing import Amount, DocumentNumber, DocumentTaxes, DocumentView, SentView
from domains.invoices.commands import CreditReason
from domains.invoices.credit_notes import CreditedLines, CreditNote
from domains.invoices.model import Invoice
from domains.invoices.status import InvoiceStatus
from domains.shared.clock import Timestamp
from domains.shared.fields import CompanyName, CurrencyCode
from domains.shared.wire import View, shown


class InvoiceView(DocumentView, frozen=True, kw_only=True):
    """An invoice. Amounts are in the minor unit of `currency`; `total` is `subtotal - discountTotal + taxTotal`.

    `amountDue` is `total - amountCredited - amountPaid`, the latter net of refunds. `depositDue` of it is due of the
    deposit, `depositPaid` of that was paid; `depositPaidAt` is when all of it first was. `amountAsked` is to be paid
    next, `amountOverdue` is late. `publicUrl` leads its customer to it, once it is sent. `reopenedAt` is when a refund
    made it due again: then it is not dunned.
    """

    status: InvoiceStatus
    quote_id: UUID | None
    recurring_id: UUID | None
    issued_at: Timestamp | None
    due_date: date | None
    deposit_due_date: date | None
    deposit_due: Amount
    deposit_paid: Amount
    deposit_paid_at: Timestamp | None
    amount_paid: Amount
    amount_credited: Amount
    amount_due: Amount
    amount_asked: Amount
    amount_overdue: Amount
    paid_at: Timestamp | None
    reopened_at: Timestamp | None
    cancelled_at: Timestamp | None
    reminders: Annotated[int, Meta(ge=0)]

    @classmethod
    def of(cls, invoice: Invoice, *, public_url: str | None) -> Self:
        return shown(cls, invoice, public_url=public_url)


class BillView(SentView, frozen=True, kw_only=True):
    """An invoice as its customer sees it. `business` is who asks to be paid; `amountAsked` is to be paid next."""

    status: InvoiceStatus
    business: CompanyName
    due_date: date | None
    deposit_due_date: date | None
    deposit_due: Amount
    amount_paid: Amount
    amount_credited: Amount
    amount_due: Amount
    amount_asked: Amount
    paid_at: Timestamp | None

    @classmethod
    def of(cls, invoice: Invoice, *, business: str) -> Self:
        return shown(cls, invoice, business=business)


class CreditNoteView(View, frozen=True):
    """A credit note: `total` is `subtotal + taxTotal`. `items` are those that were credited, if it was by item."""

    id: UUID
    number: DocumentNumber
    invoice_id: UUID
    customer_id: UUID
    currency: CurrencyCode
    items: CreditedLines
    subtotal: Amount
    tax_total: Amount
    taxes: DocumentTaxes
    total: Amount
    reason: CreditReason | None
    version: int
    created_at: Timestamp
    updated_at: Timestamp

    @classmethod
    def of(cls, note: CreditNote) -> Self:
        return shown(cls, note)

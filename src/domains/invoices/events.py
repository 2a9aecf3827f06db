"""What happens to invoices."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from domains.billing import DocumentTax
from domains.invoices.model import Invoice
from domains.shared.events import Event


class TaxPart(msgspec.Struct, frozen=True):
    """What is owed of one tax: `amount` on `base`, at `rate` percent."""

    rate: str
    base: int
    amount: int


def about(invoice: Invoice) -> dict[str, Any]:
    """What every event of an invoice tells that its customer's timeline shows."""
    return {"subject": invoice.id, "subject_version": invoice.version, "customer_id": invoice.customer_id}


def booked(invoice: Invoice) -> dict[str, Any]:
    """The same, with what books need. Amounts are in the minor unit of `currency`."""
    return {
        **about(invoice),
        "net": invoice.subtotal - invoice.discount_total,
        "taxes": tax_parts(invoice.taxes),
        "total": invoice.total,
        "currency": invoice.currency,
    }


def tax_parts(taxes: tuple[DocumentTax, ...]) -> list[TaxPart]:
    return [TaxPart(tax.rate, tax.base, tax.amount) for tax in taxes]


class InvoiceCreated(Event, frozen=True):
    """A draft for the customer `customer_id`."""

    type = "invoice.created"

    customer_id: UUID


class InvoiceChanged(Event, frozen=True):
    """`fields` names what changed in a draft, not what it changed to."""

    type = "invoice.updated"

    fields: list[str]


class InvoiceDeleted(Event, frozen=True):
    """A draft is gone."""

    type = "invoice.deleted"

    customer_id: UUID


class InvoiceIssued(Event, frozen=True):
    """It is a claim, and has its number: `total` is `net` and the taxes."""

    type = "invoice.issued"

    customer_id: UUID
    net: int
    taxes: list[TaxPart]
    total: int
    currency: str
    due_date: date | None


class InvoiceCancelled(Event, frozen=True):
    """It is no claim any more: what was booked when it was issued is booked back."""

    type = "invoice.cancelled"

    customer_id: UUID
    net: int
    taxes: list[TaxPart]
    total: int
    currency: str


class InvoiceCredited(Event, frozen=True):
    """A part of it is given up, by a credit note: `total` is `net` and the taxes."""

    type = "invoice.credited"

    customer_id: UUID
    credit_note_id: UUID
    net: int
    taxes: list[TaxPart]
    total: int
    currency: str


class InvoicePaid(Event, frozen=True):
    """Nothing is due any more."""

    type = "invoice.paid"

    customer_id: UUID
    total: int
    currency: str


class InvoicePartiallyPaid(Event, frozen=True):
    """A payment has come, and `amount_due` is left."""

    type = "invoice.partially_paid"

    customer_id: UUID
    amount_due: int
    currency: str


class InvoiceReopened(Event, frozen=True):
    """A refund has made `amount_due` due."""

    type = "invoice.reopened"

    customer_id: UUID
    amount_due: int
    currency: str


class InvoiceOverdue(Event, frozen=True):
    """Its last day went by, with `amount_due` to pay."""

    type = "invoice.overdue"

    customer_id: UUID
    amount_due: int
    currency: str


class InvoiceReminded(Event, frozen=True):
    """Its customer was reminded, for the `reminder`th time."""

    type = "invoice.reminded"

    customer_id: UUID
    reminder: int


class RecurringInvoiceCreated(Event, frozen=True):
    """The customer `customer_id` is charged again and again."""

    type = "recurring_invoice.created"

    customer_id: UUID


class RecurringInvoiceChanged(Event, frozen=True):
    """`fields` names what changed, not what it changed to."""

    type = "recurring_invoice.updated"

    fields: list[str]


class RecurringInvoiceDeleted(Event, frozen=True):
    """It is gone, before it made an invoice."""

    type = "recurring_invoice.deleted"

    customer_id: UUID

"""What happens to invoices. Amounts are in the minor unit of `currency`."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

import msgspec

from domains.billing import DocumentTax
from domains.customers import OfCustomer
from domains.shared.events import FieldsChanged


class TaxPart(msgspec.Struct, frozen=True):
    """What is owed of one tax: `amount` on `base`, at `rate` percent."""

    rate: str
    base: int
    amount: int


def tax_parts(taxes: Iterable[DocumentTax]) -> list[TaxPart]:
    return [TaxPart(tax.rate, tax.base, tax.amount) for tax in taxes]


class Booked(OfCustomer, frozen=True):
    """What the ledger enters: `total` is `net` and the taxes."""

    net: int
    taxes: list[TaxPart]
    total: int
    currency: str


class Owed(OfCustomer, frozen=True):
    """`amount_due` is left to pay."""

    amount_due: int
    currency: str


class InvoiceCreated(OfCustomer, frozen=True):
    """A draft."""

    type = "invoice.created"


class InvoiceChanged(FieldsChanged, frozen=True):
    """It is a draft."""

    type = "invoice.updated"


class InvoiceDeleted(OfCustomer, frozen=True):
    """A draft is gone."""

    type = "invoice.deleted"


class InvoiceIssued(Booked, frozen=True):
    """It is a claim, and has its number."""

    type = "invoice.issued"

    due_date: date | None


class InvoiceCancelled(Booked, frozen=True):
    """It is no claim any more: what was booked when it was issued is booked back."""

    type = "invoice.cancelled"


class InvoiceCredited(Booked, frozen=True):
    """A part of it is given up, by a credit note."""

    type = "invoice.credited"

    credit_note_id: UUID


class InvoicePaid(OfCustomer, frozen=True):
    """Nothing is due any more."""

    type = "invoice.paid"

    total: int
    currency: str


class InvoicePartiallyPaid(Owed, frozen=True):
    """A payment has come."""

    type = "invoice.partially_paid"


class InvoiceDepositPaid(Owed, frozen=True):
    """Its deposit was paid whole, for the first time."""

    type = "invoice.deposit_paid"

    deposit_amount: int


class InvoiceReopened(Owed, frozen=True):
    """A refund has made it due."""

    type = "invoice.reopened"


class InvoiceOverdue(Owed, frozen=True):
    """Its last day went by."""

    type = "invoice.overdue"


class InvoiceReminded(OfCustomer, frozen=True):
    """Its customer was reminded, for the `reminder`th time."""

    type = "invoice.reminded"

    reminder: int


class RecurringInvoiceCreated(OfCustomer, frozen=True):
    """The customer is charged again and again."""

    type = "recurring_invoice.created"


class RecurringInvoiceChanged(FieldsChanged, frozen=True):
    type = "recurring_invoice.updated"


class RecurringInvoiceDeleted(OfCustomer, frozen=True):
    """It is gone, before it made an invoice."""

    type = "recurring_invoice.deleted"

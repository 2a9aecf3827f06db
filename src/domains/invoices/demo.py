"""The invoices of the demo tenant: for its customers one by one."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from domains.billing import WantedItem
from domains.invoices.commands import CreateInvoice
from domains.invoices.recurrence import CreateRecurringInvoice, Period
from domains.invoices.status import InvoiceStatus

_CALL = WantedItem(description="Emergency call at night", unit_price=24_000, tax_rate="8.875")
_CARE = WantedItem(description="Care of the ovens' gas lines, a month", unit_price=14_900, tax_rate="8.875")
INVOICE_STATUSES: Mapping[str, Sequence[InvoiceStatus]] = {
    "Ada Lovelace": (InvoiceStatus.SENT, InvoiceStatus.PAID),
}
CONVERTED = "Emmy Noether"
"""Whose accepted quote became an invoice."""


def invoice_for(name: str, customer: UUID) -> CreateInvoice | None:
    """What the customer of that name was charged; None where that is nothing."""
    return CreateInvoice(customer_id=customer, items=(_CALL,)) if name in INVOICE_STATUSES else None


def plan_for(name: str, customer: UUID, *, today: date) -> CreateRecurringInvoice | None:
    """What the customer of that name is charged again and again."""
    if name != "Bluebird Bakery":
        return None
    return CreateRecurringInvoice(customer_id=customer, items=(_CARE,), every=Period.MONTH, starts_on=today, sends=True)

"""What is asked of invoices."""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from domains.billing import DocumentDraft, DocumentRevision, Quantity
from domains.invoices.status import InvoiceStatus
from domains.shared.fields import MANY_LINES
from domains.shared.wire import Command

CreditReason = Annotated[str, Meta(min_length=1, max_length=1_000, pattern=MANY_LINES, examples=["The tap was faulty"])]


class CreateInvoice(DocumentDraft, frozen=True, kw_only=True):
    """A new draft. Its currency, the business's own unless another is given, stays.

    `pricesIncludeTax`: unit prices and discounts contain the taxes. `dueDate` is the last day to pay, in the time zone
    of the business; without it, the business's own terms say, when it is sent. `depositDueDate` is the same of the
    `deposit`, at the latest `dueDate`; without it, the day on which it is sent.
    """

    due_date: date | None = None
    deposit_due_date: date | None = None


class ChangeInvoice(DocumentRevision, frozen=True, kw_only=True):
    """What to change in a draft: an absent field stays as it is, `null` clears it; `items` are replaced whole."""

    due_date: date | UnsetType | None = UNSET
    deposit_due_date: date | UnsetType | None = UNSET


class ChangeInvoiceStatus(Command, frozen=True):
    """What becomes of it: `sent`, `paid` or `cancelled`."""

    status: Annotated[InvoiceStatus, Meta(examples=["sent"])]


class CreditedItem(Command, frozen=True):
    """How much of an item is credited: all of it, unless a quantity is given."""

    item_id: UUID
    quantity: Quantity | None = None


class CreditInvoice(Command, frozen=True):
    """What is credited: an `amount`, taxes contained, or some `items`; without both, all that is left to credit."""

    amount: Annotated[int, Meta(ge=1, le=2**53 - 1, examples=[5000])] | None = None
    items: Annotated[tuple[CreditedItem, ...], Meta(min_length=1, max_length=200)] | None = None
    reason: CreditReason | None = None

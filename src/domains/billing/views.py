"""What the views of all documents show."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from domains.billing.commands import DocumentText
from domains.billing.items import Amount, DocumentTaxes, Items
from domains.billing.numbering import DocumentNumber
from domains.billing.shares import Deposit, Discount
from domains.shared.clock import Timestamp
from domains.shared.fields import CurrencyCode
from domains.shared.wire import View

PublicUrl = Annotated[str, Meta(max_length=500, examples=["https://app.frontdesk.example/quote#token=kTc0vSb2Jr1d"])]


class SentView(View, frozen=True, kw_only=True):
    """What a document shows to whom it is sent."""

    number: DocumentNumber | None
    currency: CurrencyCode
    prices_include_tax: bool
    items: Items
    discount: Discount | None
    subtotal: Amount
    discount_total: Amount
    tax_total: Amount
    taxes: DocumentTaxes
    total: Amount
    deposit: Deposit | None
    deposit_amount: Amount
    notes: DocumentText | None
    terms: DocumentText | None
    sent_at: Timestamp | None


class _Identified(SentView, frozen=True):
    """On the wire, fields that are not keyword-only come before those that are: the id is the first."""

    id: UUID
    customer_id: UUID


class DocumentView(_Identified, frozen=True, kw_only=True):
    """What it shows to staff."""

    public_url: PublicUrl | None
    version: int
    created_at: Timestamp
    updated_at: Timestamp

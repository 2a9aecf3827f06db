"""What the views of all documents show."""

from datetime import datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

import msgspec
from msgspec import Meta

from domains.billing.commands import DocumentText
from domains.billing.items import Amount, Discount, DocumentTaxes, Items
from domains.billing.numbering import DocumentNumber
from domains.shared.clock import Timestamp, timestamp
from domains.shared.fields import CurrencyCode
from domains.shared.wire import View

Shown = TypeVar("Shown", bound=View)
PublicUrl = Annotated[str, Meta(max_length=500, examples=["https://app.frontdesk.example/quote#token=kTc0vSb2Jr1d"])]


class SentView(View, frozen=True):
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
    notes: DocumentText | None
    terms: DocumentText | None
    sent_at: Timestamp | None


class DocumentView(SentView, frozen=True):
    """What it shows to staff."""

    id: UUID
    customer_id: UUID
    public_url: PublicUrl | None
    version: int
    created_at: Timestamp
    updated_at: Timestamp


def shown(view: type[Shown], entity: msgspec.Struct, **given: object) -> Shown:
    """The view of what has its fields by the same names, but for those that are given."""
    own = {name: getattr(entity, name) for name in view.__struct_fields__ if name not in given}
    values: dict[str, Any] = {**own, **given}
    return view(**{name: timestamp(each) if isinstance(each, datetime) else each for name, each in values.items()})

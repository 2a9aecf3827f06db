"""How a quote is shown."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from msgspec import Meta

from domains.billing import Amount, Discount, DocumentNumber, DocumentTaxes, Items
from domains.quotes.commands import QuoteText, Reason, Signature
from domains.quotes.model import Quote
from domains.quotes.status import QuoteStatus
from domains.shared.clock import Timestamp, timestamp
from domains.shared.fields import CurrencyCode, Line
from domains.shared.wire import View

PublicUrl = Annotated[str, Meta(max_length=500, examples=["https://app.frontdesk.example/quote#token=kTc0vSb2Jr1d"])]


class QuoteView(View, frozen=True):
    """A quote. Amounts are in the minor unit of `currency`; `total` is `subtotal - discountTotal + taxTotal`.

    `subtotal` and `discountTotal` are net. The latter contains the items' own discounts. `publicUrl` leads its customer
    to it, once it is sent.
    """

    id: UUID
    number: DocumentNumber | None
    status: QuoteStatus
    customer_id: UUID
    currency: CurrencyCode
    prices_include_tax: bool
    items: Items
    discount: Discount | None
    subtotal: Amount
    discount_total: Amount
    tax_total: Amount
    taxes: DocumentTaxes
    total: Amount
    valid_until: date | None
    notes: QuoteText | None
    terms: QuoteText | None
    sent_at: Timestamp | None
    accepted_at: Timestamp | None
    rejected_at: Timestamp | None
    reject_reason: Reason | None
    accepted_by: Line | None
    signature: Signature | None
    public_url: PublicUrl | None
    version: int
    created_at: Timestamp
    updated_at: Timestamp

    @classmethod
    def of(cls, quote: Quote, *, public_url: str | None) -> Self:
        return cls(
            id=quote.id,
            number=quote.number,
            status=quote.status,
            customer_id=quote.customer_id,
            currency=quote.currency,
            prices_include_tax=quote.prices_include_tax,
            items=quote.items,
            discount=quote.discount,
            subtotal=quote.subtotal,
            discount_total=quote.discount_total,
            tax_total=quote.tax_total,
            taxes=quote.taxes,
            total=quote.total,
            valid_until=quote.valid_until,
            notes=quote.notes,
            terms=quote.terms,
            sent_at=_shown(quote.sent_at),
            accepted_at=_shown(quote.accepted_at),
            rejected_at=_shown(quote.rejected_at),
            reject_reason=quote.reject_reason,
            accepted_by=quote.accepted_by,
            signature=quote.signature,
            public_url=public_url,
            version=quote.version,
            created_at=timestamp(quote.created_at),
            updated_at=timestamp(quote.updated_at),
        )


class OfferView(View, frozen=True):
    """A quote as its customer sees it. `business` is who offers it."""

    number: DocumentNumber | None
    status: QuoteStatus
    business: Line
    currency: CurrencyCode
    prices_include_tax: bool
    items: Items
    discount: Discount | None
    subtotal: Amount
    discount_total: Amount
    tax_total: Amount
    taxes: DocumentTaxes
    total: Amount
    valid_until: date | None
    notes: QuoteText | None
    terms: QuoteText | None
    sent_at: Timestamp | None
    accepted_at: Timestamp | None
    rejected_at: Timestamp | None
    accepted_by: Line | None

    @classmethod
    def of(cls, quote: Quote, *, business: str) -> Self:
        return cls(
            number=quote.number,
            status=quote.status,
            business=business,
            currency=quote.currency,
            prices_include_tax=quote.prices_include_tax,
            items=quote.items,
            discount=quote.discount,
            subtotal=quote.subtotal,
            discount_total=quote.discount_total,
            tax_total=quote.tax_total,
            taxes=quote.taxes,
            total=quote.total,
            valid_until=quote.valid_until,
            notes=quote.notes,
            terms=quote.terms,
            sent_at=_shown(quote.sent_at),
            accepted_at=_shown(quote.accepted_at),
            rejected_at=_shown(quote.rejected_at),
            accepted_by=quote.accepted_by,
        )


def _shown(moment: datetime | None) -> Timestamp | None:
    return timestamp(moment) if moment else None

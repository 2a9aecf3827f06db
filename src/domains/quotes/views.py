"""How a quote is shown."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from domains.billing import Amount, Discount, DocumentNumber, DocumentTaxes, Items
from domains.quotes.model import Quote, QuoteStatus, QuoteText, Reason
from domains.shared.clock import Timestamp, timestamp
from domains.shared.fields import CurrencyCode
from domains.shared.wire import View


class QuoteView(View, frozen=True):
    """A quote. Amounts are in the minor unit of `currency`; `total` is `subtotal - discountTotal + taxTotal`.

    `subtotal` and `discountTotal` are net. The latter contains the items' own discounts.
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
    version: int
    created_at: Timestamp
    updated_at: Timestamp

    @classmethod
    def of(cls, quote: Quote) -> Self:
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
            version=quote.version,
            created_at=timestamp(quote.created_at),
            updated_at=timestamp(quote.updated_at),
        )


def _shown(moment: datetime | None) -> Timestamp | None:
    return timestamp(moment) if moment else None

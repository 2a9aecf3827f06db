"""How a quote is shown."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from msgspec import Meta

from domains.billing import DocumentView, SentView
from domains.quotes.commands import Reason, Signature
from domains.quotes.model import Quote
from domains.quotes.status import QuoteStatus
from domains.shared.clock import Timestamp
from domains.shared.fields import CompanyName, PersonName
from domains.shared.wire import shown


class QuoteView(DocumentView, frozen=True, kw_only=True):
    """A quote. Amounts are in the minor unit of `currency`; `total` is `subtotal - discountTotal + taxTotal`.

    `subtotal` and `discountTotal` are net. The latter contains the items' own discounts. `depositAmount` is what of
    the total is asked for first. `publicUrl` leads its customer to it, once it is sent. `invoiceId` is what it was
    converted to. `revision` counts its versions: `revisionOf` is the one before it, `supersededBy` the one that was
    sent in its place.
    """

    status: QuoteStatus
    valid_until: date | None
    accepted_at: Timestamp | None
    rejected_at: Timestamp | None
    reject_reason: Reason | None
    accepted_by: PersonName | None
    signature: Signature | None
    invoice_id: UUID | None
    revision: Annotated[int, Meta(ge=1)]
    revision_of: UUID | None
    superseded_by: UUID | None

    @classmethod
    def of(cls, quote: Quote, *, public_url: str | None) -> Self:
        return shown(cls, quote, public_url=public_url)


class OfferView(SentView, frozen=True, kw_only=True):
    """A quote as its customer sees it. `business` is who offers it; `revision` counts the versions of the offer."""

    status: QuoteStatus
    business: CompanyName
    valid_until: date | None
    accepted_at: Timestamp | None
    rejected_at: Timestamp | None
    accepted_by: PersonName | None
    revision: Annotated[int, Meta(ge=1)] = 1

    @classmethod
    def of(cls, quote: Quote, *, business: str) -> Self:
        return shown(cls, quote, business=business)

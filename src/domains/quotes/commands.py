"""What is asked of quotes, by staff and by those to whom they are offered."""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from domains.billing import DocumentDraft, DocumentRevision
from domains.quotes.status import QuoteStatus
from domains.shared.fields import MANY_LINES, Line
from domains.shared.wire import Command

Reason = Annotated[str, Meta(min_length=1, max_length=1_000, pattern=MANY_LINES, examples=["Too expensive"])]
Signature = Annotated[str, Meta(min_length=1, max_length=50_000, examples=["Ada Lovelace"])]


class CreateQuote(DocumentDraft, frozen=True, kw_only=True):
    """A new draft. Its currency, the business's own unless another is given, stays.

    `pricesIncludeTax`: unit prices and discounts contain the taxes. `validUntil` is the last day on which it can be
    accepted, in the time zone of the business. `deposit` is asked for once it is accepted and charged.
    """

    valid_until: date | None = None


class ChangeQuote(DocumentRevision, frozen=True, kw_only=True):
    """What to change in a draft: an absent field stays as it is, `null` clears it; `items` are replaced whole."""

    valid_until: date | UnsetType | None = UNSET


class ChangeQuoteStatus(Command, frozen=True):
    """What becomes of it. A `reason` is kept with `rejected`."""

    status: Annotated[QuoteStatus, Meta(examples=["sent"])]
    reason: Reason | None = None


class AcceptQuote(Command, frozen=True):
    """Who accepts, and signs for it: a name as it is typed, or a picture (a PNG or a JPEG) as a data URL.

    `optionalItemIds` are the optional items that are wanted; all others are not. Without it
    they stay as they were shown.
    """

    name: Annotated[Line, Meta(examples=["Ada Lovelace"])]
    signature: Signature
    optional_item_ids: Annotated[tuple[UUID, ...], Meta(max_length=200)] | UnsetType = UNSET


class RejectQuote(Command, frozen=True):
    """Why, if one wants to say."""

    reason: Reason | None = None

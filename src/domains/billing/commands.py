"""What drafts of all documents are asked for with."""

from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from domains.billing.items import WantedItems
from domains.billing.shares import Deposit, Discount
from domains.shared.fields import MANY_LINES, CurrencyCode
from domains.shared.wire import Command

DocumentText = Annotated[str, Meta(max_length=10_000, pattern=MANY_LINES, examples=["The old boiler is taken away."])]


class Draft(Command, frozen=True):
    """What every new draft may say."""

    customer_id: UUID
    items: WantedItems = ()
    currency: CurrencyCode | None = None
    prices_include_tax: bool = False
    discount: Discount | None = None
    notes: DocumentText | None = None
    terms: DocumentText | None = None


class Revision(Command, frozen=True):
    """What may change in every draft: an absent field stays as it is, `null` clears it."""

    customer_id: UUID | UnsetType = UNSET
    items: WantedItems | UnsetType | None = UNSET
    prices_include_tax: bool | UnsetType = UNSET
    discount: Discount | UnsetType | None = UNSET
    notes: DocumentText | UnsetType | None = UNSET
    terms: DocumentText | UnsetType | None = UNSET


class DocumentDraft(Draft, frozen=True, kw_only=True):
    """The same of what may ask for a part of its total first."""

    deposit: Deposit | None = None


class DocumentRevision(Revision, frozen=True, kw_only=True):
    """What may change in it."""

    deposit: Deposit | UnsetType | None = UNSET

"""How a customer is shown."""

from typing import Annotated, Self
from uuid import UUID

from msgspec import Meta

from domains.customers.fields import CustomText, CustomValue, Notes, Source, Tag
from domains.customers.model import Customer
from domains.shared.clock import Timestamp
from domains.shared.fields import CompanyName, EmailText, LanguageTag, PersonName, PhoneText
from domains.shared.postal import PostalAddress
from domains.shared.wire import View, shown


class TagView(View, frozen=True):
    """A tag in the spelling that most have, and how many current customers have it in any."""

    tag: Tag
    customers: Annotated[int, Meta(ge=1, examples=[12])]


class TagsView(View, frozen=True):
    """The tags of current customers, the most frequent first: at most 1,000."""

    items: Annotated[tuple[TagView, ...], Meta(max_length=1_000)]


class CustomerView(View, frozen=True):
    """A customer. `archivedAt` is null for a current one, `mergedInto` for one that stands for itself.

    `version` grows with each change.
    """

    id: UUID
    name: PersonName | None
    company: CompanyName | None
    emails: tuple[EmailText, ...]
    phones: tuple[PhoneText, ...]
    addresses: tuple[PostalAddress, ...]
    tags: tuple[Tag, ...]
    notes: Notes | None
    preferred_language: LanguageTag | None
    source: Source | None
    custom: dict[CustomText, CustomValue]
    archived_at: Timestamp | None
    merged_into: UUID | None
    version: int
    created_at: Timestamp
    updated_at: Timestamp

    @classmethod
    def of(cls, customer: Customer) -> Self:
        return shown(cls, customer)


class DuplicatesView(View, frozen=True):
    """Other customers with the same e-mail address or phone number: at most 100."""

    items: Annotated[tuple[CustomerView, ...], Meta(max_length=100)]

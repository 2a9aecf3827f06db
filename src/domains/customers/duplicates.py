"""Finding customers who are there already: by an e-mail address or a phone number that reaches them."""

from collections.abc import Collection, Sequence
from typing import Protocol
from uuid import UUID

import msgspec


class ContactOwner(msgspec.Struct, frozen=True, kw_only=True):
    """A customer whom `contact` reaches: an e-mail address or a phone number, in the form in which it is kept.

    Whoever was merged into another customer is reached as that one.
    """

    contact: str
    customer: UUID
    is_archived: bool


class Contacts(Protocol):
    """Whom the e-mail addresses and phone numbers of the tenant reach. Asked inside the work."""

    async def owners(self, contacts: Collection[str]) -> Sequence[ContactOwner]:
        """Whom each of `contacts` reaches: current customers before archived ones, older ones first.

        `Customer.emails` and `Customer.phones` are in the form that is compared. What reaches nobody is left out.
        """
        ...

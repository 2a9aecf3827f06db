"""What happens to quotes."""

from typing import Any
from uuid import UUID

from domains.quotes.model import Quote
from domains.shared.events import Event


def about(quote: Quote) -> dict[str, Any]:
    """What every event of a quote tells that its customer's timeline shows."""
    return {"subject": quote.id, "subject_version": quote.version, "customer_id": quote.customer_id}


class QuoteCreated(Event, frozen=True):
    """A draft for the customer `customer_id`."""

    type = "quote.created"

    customer_id: UUID


class QuoteChanged(Event, frozen=True):
    """`fields` names what changed in a draft, not what it changed to."""

    type = "quote.updated"

    fields: list[str]


class QuoteDeleted(Event, frozen=True):
    """A draft is gone."""

    type = "quote.deleted"

    customer_id: UUID


class QuoteSent(Event, frozen=True):
    """It is offered, and has its number. `total` is in the minor unit of `currency`."""

    type = "quote.sent"

    customer_id: UUID
    total: int
    currency: str


class QuoteAccepted(Event, frozen=True):
    """`total` is what was accepted."""

    type = "quote.accepted"

    customer_id: UUID
    total: int
    currency: str


class QuoteRejected(Event, frozen=True):
    type = "quote.rejected"

    customer_id: UUID


class QuoteExpired(Event, frozen=True):
    """Its time went by."""

    type = "quote.expired"

    customer_id: UUID


class QuoteConverted(Event, frozen=True):
    """It is charged by an invoice."""

    type = "quote.converted"

    customer_id: UUID
    invoice_id: UUID


class QuoteReleased(Event, frozen=True):
    """The draft of its invoice is gone: it can be converted again."""

    type = "quote.released"

    customer_id: UUID

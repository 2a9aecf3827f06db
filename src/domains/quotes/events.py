"""What happens to quotes."""

from uuid import UUID

from domains.customers import OfCustomer
from domains.shared.events import FieldsChanged


class QuoteCreated(OfCustomer, frozen=True):
    """A draft."""

    type = "quote.created"


class QuoteChanged(FieldsChanged, frozen=True):
    """It is a draft."""

    type = "quote.updated"


class QuoteDeleted(OfCustomer, frozen=True):
    """A draft is gone."""

    type = "quote.deleted"


class QuoteSent(OfCustomer, frozen=True):
    """It is offered, and has its number. `total` is in the minor unit of `currency`."""

    type = "quote.sent"

    total: int
    currency: str


class QuoteAccepted(OfCustomer, frozen=True):
    """`total` is what was accepted."""

    type = "quote.accepted"

    total: int
    currency: str


class QuoteRejected(OfCustomer, frozen=True):
    type = "quote.rejected"


class QuoteExpired(OfCustomer, frozen=True):
    """Its time went by."""

    type = "quote.expired"


class QuoteRevised(OfCustomer, frozen=True):
    """There is a draft of a later version, `revision_id`."""

    type = "quote.revised"

    revision_id: UUID


class QuoteSuperseded(OfCustomer, frozen=True):
    """A later version was sent in its place. It is `expired`, unless it was rejected."""

    type = "quote.superseded"

    superseded_by: UUID


class QuoteConverted(OfCustomer, frozen=True):
    """It is charged by an invoice."""

    type = "quote.converted"

    invoice_id: UUID


class QuoteReleased(OfCustomer, frozen=True):
    """The draft of its invoice is gone: it can be converted again."""

    type = "quote.released"

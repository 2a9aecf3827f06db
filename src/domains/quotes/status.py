"""How far a quote has come, and what may follow."""

from enum import StrEnum
from types import MappingProxyType


class QuoteStatus(StrEnum):
    """How far a quote has come. The last three are final."""

    DRAFT = "draft"
    SENT = "sent"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EXPIRED = "expired"


FOLLOWED_BY: MappingProxyType[QuoteStatus, frozenset[QuoteStatus]] = MappingProxyType(
    {
        QuoteStatus.DRAFT: frozenset({QuoteStatus.SENT}),
        QuoteStatus.SENT: frozenset({QuoteStatus.ACCEPTED, QuoteStatus.REJECTED, QuoteStatus.EXPIRED}),
        QuoteStatus.ACCEPTED: frozenset(),
        QuoteStatus.REJECTED: frozenset(),
        QuoteStatus.EXPIRED: frozenset(),
    }
)

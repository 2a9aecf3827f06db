"""Quotes: what is offered to customers, and what they say to it."""

from domains.quotes.deciding import EXPIRE_QUOTE, Deciding, Expiring
from domains.quotes.drafting import Drafting
from domains.quotes.events import (
    QuoteAccepted,
    QuoteChanged,
    QuoteCreated,
    QuoteDeleted,
    QuoteExpired,
    QuoteRejected,
    QuoteSent,
)
from domains.quotes.model import ChangeQuote, ChangeQuoteStatus, CreateQuote, Quote, QuoteStatus
from domains.quotes.ports import QuoteFilter, QuoteQueries, Quotes
from domains.quotes.views import QuoteView

__all__ = [
    "EXPIRE_QUOTE",
    "ChangeQuote",
    "ChangeQuoteStatus",
    "CreateQuote",
    "Deciding",
    "Drafting",
    "Expiring",
    "Quote",
    "QuoteAccepted",
    "QuoteChanged",
    "QuoteCreated",
    "QuoteDeleted",
    "QuoteExpired",
    "QuoteFilter",
    "QuoteQueries",
    "QuoteRejected",
    "QuoteSent",
    "QuoteStatus",
    "QuoteView",
    "Quotes",
]

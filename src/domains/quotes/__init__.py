"""Quotes: what is offered to customers, and what they say to it."""

from domains.quotes.answering import Answering
from domains.quotes.commands import AcceptQuote, ChangeQuote, ChangeQuoteStatus, CreateQuote, RejectQuote
from domains.quotes.deciding import Deciding, Expiring
from domains.quotes.drafting import QuoteDrafting
from domains.quotes.errors import OfferOver
from domains.quotes.events import (
    QuoteAccepted,
    QuoteChanged,
    QuoteConverted,
    QuoteCreated,
    QuoteDeleted,
    QuoteExpired,
    QuoteRejected,
    QuoteReleased,
    QuoteRevised,
    QuoteSent,
    QuoteSuperseded,
)
from domains.quotes.issuing import EXPIRE_QUOTE, QuoteIssuing
from domains.quotes.links import QuoteLinks
from domains.quotes.model import Quote
from domains.quotes.offering import MAIL_QUOTE, Offering, QuoteLetters, QuoteMailing
from domains.quotes.ports import QuoteFilter, QuoteQueries, Quotes
from domains.quotes.printing import OfferPrinting, QuotePrinting, QuoteSetting
from domains.quotes.releasing import QuoteReleasing
from domains.quotes.revising import Revised, Revising
from domains.quotes.standing import StandingOffers
from domains.quotes.status import QuoteStatus
from domains.quotes.views import OfferView, QuoteView

__all__ = [
    "EXPIRE_QUOTE",
    "MAIL_QUOTE",
    "AcceptQuote",
    "Answering",
    "ChangeQuote",
    "ChangeQuoteStatus",
    "CreateQuote",
    "Deciding",
    "Expiring",
    "OfferOver",
    "OfferPrinting",
    "OfferView",
    "Offering",
    "Quote",
    "QuoteAccepted",
    "QuoteChanged",
    "QuoteConverted",
    "QuoteCreated",
    "QuoteDeleted",
    "QuoteDrafting",
    "QuoteExpired",
    "QuoteFilter",
    "QuoteIssuing",
    "QuoteLetters",
    "QuoteLinks",
    "QuoteMailing",
    "QuotePrinting",
    "QuoteQueries",
    "QuoteRejected",
    "QuoteReleased",
    "QuoteReleasing",
    "QuoteRevised",
    "QuoteSent",
    "QuoteSetting",
    "QuoteStatus",
    "QuoteSuperseded",
    "QuoteView",
    "Quotes",
    "RejectQuote",
    "Revised",
    "Revising",
    "StandingOffers",
]

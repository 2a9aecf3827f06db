"""Quotes on paper."""

from uuid import UUID

from domains.billing import DocumentKind, Paper, Stationer, Typesetting
from domains.quotes.ports import Quotes
from domains.shared.actor import Actor
from domains.shared.permissions import Permission
from domains.shared.work import UnitOfWork


class QuotePrinting:
    """Makes PDFs of quotes."""

    def __init__(
        self, actor: Actor, quotes: Quotes, stationer: Stationer, typesetting: Typesetting, work: UnitOfWork
    ) -> None:
        self.actor = actor
        self.quotes = quotes
        self.stationer = stationer
        self.typesetting = typesetting
        self.work = work

    async def pdf(self, quote_id: UUID) -> Paper:
        """Show a quote as PDF, in the language of its customer, or else of the business.

        - Its words, dates and amounts are written as that language writes them. US Letter where that is usual, else A4;
          what stands on it besides is in the `documents` of the business.
        - A draft has the date of its last change, and no number. A later version says which one it is.
        """
        self.actor.must(Permission.QUOTES_READ)
        async with self.work:
            quote = await self.quotes.read(quote_id)
            stationery = await self.stationer.of(quote.customer_id)
        printed = stationery.printed(
            quote, DocumentKind.QUOTE, issued_at=quote.sent_at, valid_until=quote.valid_until, revision=quote.revision
        )
        return Paper(f"quote-{quote.number or quote.id}", await self.typesetting.document(printed))

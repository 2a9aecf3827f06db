"""Quotes on paper."""

from uuid import UUID

from domains.billing import DocumentKind, Paper, PrintedDocument, PublicLinks, Stationer, Typesetting
from domains.quotes.model import Quote
from domains.quotes.ports import Quotes
from domains.quotes.standing import StandingOffers
from domains.shared.actor import Actor
from domains.shared.permissions import Permission
from domains.shared.work import UnitOfWork


class QuoteSetting:
    """A step of others: what stands on the paper of a quote, inside their work, and the paper, after it."""

    def __init__(self, stationer: Stationer, typesetting: Typesetting) -> None:
        self.stationer = stationer
        self.typesetting = typesetting

    async def write(self, quote: Quote) -> PrintedDocument:
        stationery = await self.stationer.of(quote.customer_id)
        return stationery.printed(
            quote, DocumentKind.QUOTE, issued_at=quote.sent_at, valid_until=quote.valid_until, revision=quote.revision
        )

    async def set(self, quote: Quote, printed: PrintedDocument) -> Paper:
        return Paper(f"quote-{quote.number or quote.id}", await self.typesetting.document(printed))


class QuotePrinting:
    """Makes PDFs of quotes."""

    def __init__(self, actor: Actor, quotes: Quotes, setting: QuoteSetting, work: UnitOfWork) -> None:
        self.actor = actor
        self.quotes = quotes
        self.setting = setting
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
            printed = await self.setting.write(quote)
        return await self.setting.set(quote, printed)


class OfferPrinting:
    """Makes PDFs of quotes for those who have their links."""

    def __init__(
        self, quotes: Quotes, public: PublicLinks, standing: StandingOffers, setting: QuoteSetting, work: UnitOfWork
    ) -> None:
        self.quotes = quotes
        self.public = public
        self.standing = standing
        self.setting = setting
        self.work = work

    async def pdf(self, token: str) -> Paper:
        """Show a quote as PDF to whoever has its link, as staff see it.

        What is `expired` on the page is so on paper.
        """
        quote_id = await self.public.bind(DocumentKind.QUOTE, token)
        async with self.work:
            quote = await self.quotes.read(quote_id)
            await self.standing.must_hold(quote)
            printed = await self.setting.write(quote)
        return await self.setting.set(quote, printed)

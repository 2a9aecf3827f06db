"""The parts of a request or an envelope that documents of money have in common, and those of quotes."""

from collections.abc import AsyncIterator

from dishka import Provider, Scope, provide

from domains.billing import (
    BillingSettings,
    DocumentNumbers,
    Drafts,
    PriceItems,
    PriceKeeping,
    PriceQueries,
    PublicLinks,
    Publishing,
    Stationer,
    Typesetting,
)
from domains.quotes import (
    Answering,
    Deciding,
    Expiring,
    Offering,
    OfferPrinting,
    QuoteDrafting,
    QuoteIssuing,
    QuoteLetters,
    QuoteLinks,
    QuoteMailing,
    QuotePrinting,
    QuoteQueries,
    QuoteReleasing,
    Quotes,
    QuoteSetting,
    Revising,
    StandingOffers,
)
from infra.documents.press import Press
from infra.documents.typst_documents import TypstDocuments
from infra.mail.catalogues import Catalogues
from infra.postgres.document_links import PostgresLockedLinks
from infra.postgres.documents import PostgresBillingSettings, PostgresDocumentNumbers
from infra.postgres.price_list import PostgresPriceItems, PostgresPriceQueries
from infra.postgres.quotes import PostgresQuoteQueries, PostgresQuotes
from infra.postgres.work import PostgresWork


class QuotesParts(Provider):
    """Offers to customers."""

    scope = Scope.REQUEST

    numbers = provide(PostgresDocumentNumbers, provides=DocumentNumbers)
    settings = provide(PostgresBillingSettings, provides=BillingSettings)
    drafts = provide(Drafts)
    prices = provide(PostgresPriceItems, provides=PriceItems)
    price_queries = provide(PostgresPriceQueries, provides=PriceQueries)
    price_keeping = provide(PriceKeeping)
    publishing = provide(Publishing)
    stationer = provide(Stationer)
    public_links = provide(PublicLinks)
    quotes = provide(PostgresQuotes, provides=Quotes)
    queries = provide(PostgresQuoteQueries, provides=QuoteQueries)

    links = provide(QuoteLinks)
    locked_links = provide(PostgresLockedLinks)

    answering = provide(Answering)
    deciding = provide(Deciding)
    drafting = provide(QuoteDrafting)
    expiring = provide(Expiring)
    issuing = provide(QuoteIssuing)
    mailing = provide(QuoteMailing)
    letters = provide(QuoteLetters)
    offering = provide(Offering)
    offer_printing = provide(OfferPrinting)
    printing = provide(QuotePrinting)
    releasing = provide(QuoteReleasing)
    revising = provide(Revising)
    setting = provide(QuoteSetting)
    standing = provide(StandingOffers)

    @provide(scope=Scope.APP)
    async def press(self) -> AsyncIterator[Press]:
        press = Press()
        yield press
        await press.close()

    @provide(scope=Scope.APP)
    def words_of_papers(self) -> Catalogues:
        return Catalogues()

    @provide
    def typesetting(self, words: Catalogues, press: Press, work: PostgresWork) -> Typesetting:
        return TypstDocuments(words, press, tenant=lambda: work.tenant)

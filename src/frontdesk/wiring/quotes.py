"""The parts of a request or an envelope that documents of money have in common, and those of quotes."""

from collections.abc import AsyncIterator

from dishka import Provider, Scope, provide

from domains.billing import BillingSettings, DocumentNumbers, PublicLinks, Publishing, Surrounding, Typesetting
from domains.quotes import (
    Answering,
    Deciding,
    Drafting,
    Expiring,
    Issuing,
    Mailing,
    Offering,
    Printing,
    QuoteLetters,
    QuoteLinks,
    QuoteQueries,
    QuoteReleasing,
    Quotes,
)
from frontdesk.callers import Caller
from infra.documents.press import Press
from infra.documents.typst_documents import TypstDocuments
from infra.mail.catalogues import Catalogues
from infra.postgres.document_links import PostgresLockedLinks
from infra.postgres.documents import PostgresBillingSettings, PostgresDocumentNumbers
from infra.postgres.quotes import PostgresQuoteQueries, PostgresQuotes


class QuotesParts(Provider):
    """Offers to customers."""

    scope = Scope.REQUEST

    numbers = provide(PostgresDocumentNumbers, provides=DocumentNumbers)
    settings = provide(PostgresBillingSettings, provides=BillingSettings)
    publishing = provide(Publishing)
    surrounding = provide(Surrounding)
    public_links = provide(PublicLinks)
    quotes = provide(PostgresQuotes, provides=Quotes)
    queries = provide(PostgresQuoteQueries, provides=QuoteQueries)

    links = provide(QuoteLinks)
    locked_links = provide(PostgresLockedLinks)

    answering = provide(Answering)
    deciding = provide(Deciding)
    drafting = provide(Drafting)
    expiring = provide(Expiring)
    issuing = provide(Issuing)
    mailing = provide(Mailing)
    letters = provide(QuoteLetters)
    offering = provide(Offering)
    printing = provide(Printing)
    releasing = provide(QuoteReleasing)

    @provide(scope=Scope.APP)
    async def press(self) -> AsyncIterator[Press]:
        press = Press()
        yield press
        await press.close()

    @provide(scope=Scope.APP)
    def catalogues(self) -> Catalogues:
        return Catalogues()

    @provide
    def typesetting(self, catalogues: Catalogues, press: Press, caller: Caller) -> Typesetting:
        return TypstDocuments(catalogues, press, of=caller.tenant)

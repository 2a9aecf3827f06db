"""Quotes in Postgres."""

from collections.abc import Iterator
from uuid import UUID

import asyncpg

from domains.quotes import Quote, QuoteFilter, QuoteLinks, QuoteView
from domains.shared.actor import Actor
from domains.shared.paging import Page, PageRequest
from domains.shared.permissions import Permission
from infra.postgres.billed_documents import (
    DocumentReading,
    PostgresDocuments,
    Rows,
    created_between,
    matching,
    of_status,
)
from infra.postgres.keyset import Condition
from infra.postgres.work import PostgresWork

QUOTES = Rows("quotes", Quote, kind="quote")


class PostgresQuotes(PostgresDocuments[Quote]):
    """The `Quotes` of the tenant to which the work is bound."""

    rows = QUOTES


class PostgresQuoteQueries(DocumentReading[QuoteView]):
    """The `QuoteQueries` of the actor's tenant."""

    rows = QUOTES

    def __init__(self, actor: Actor, links: QuoteLinks, work: PostgresWork) -> None:
        super().__init__(actor, work)
        self._links = links

    async def one(self, quote_id: UUID) -> QuoteView:
        self._actor.must(Permission.QUOTES_READ)
        return await self._one(quote_id)

    async def page(self, wanted: QuoteFilter, request: PageRequest) -> Page[QuoteView]:
        self._actor.must(Permission.QUOTES_READ)
        return await self._page(_conditions(wanted), request, customer=wanted.customer_id)

    def _view(self, row: asyncpg.Record) -> QuoteView:
        quote = QUOTES.read(row)
        return QuoteView.of(quote, public_url=self._links.url(quote))


def _conditions(wanted: QuoteFilter) -> Iterator[Condition]:
    yield from of_status(wanted.status)
    yield from created_between(wanted)
    if wanted.search is not None:
        yield matching(wanted.search, function="matching_quotes")

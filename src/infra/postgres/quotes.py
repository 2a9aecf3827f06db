"""Quotes in Postgres."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

import asyncpg

from domains.quotes import Quote, QuoteFilter, QuoteLinks, QuoteView
from domains.shared.actor import Actor
from domains.shared.errors import NotFound
from domains.shared.paging import Page, PageRequest
from domains.shared.permissions import Permission
from infra.postgres.billed_documents import PostgresDocuments, Rows, created_between, matching
from infra.postgres.customer_identities import of_customer
from infra.postgres.keyset import Condition, Keyset, SortKey
from infra.postgres.work import PostgresWork

QUOTES = Rows("quotes", Quote, kind="quote")
_LIST = Keyset(table="quotes", fields=QUOTES.fields, sorts={"created_at": SortKey("created_at", datetime)})


class PostgresQuotes(PostgresDocuments[Quote]):
    """The `Quotes` of the tenant to which the work is bound."""

    rows = QUOTES


class PostgresQuoteQueries:
    """The `QuoteQueries` of the actor's tenant."""

    def __init__(self, actor: Actor, links: QuoteLinks, work: PostgresWork) -> None:
        self._actor = actor
        self._links = links
        self._work = work

    async def one(self, quote_id: UUID) -> QuoteView:
        self._actor.must(Permission.QUOTES_READ)
        async with self._work:
            row = await self._work.connection.fetchrow(QUOTES.one, quote_id)
        if row is None:
            raise NotFound.one("quote")
        return self._view(row)

    async def page(self, wanted: QuoteFilter, request: PageRequest) -> Page[QuoteView]:
        self._actor.must(Permission.QUOTES_READ)
        async with self._work:
            conditions = [*_conditions(wanted), *await of_customer(self._work, wanted.customer_id)]
            return await _LIST.page(self._work.connection, conditions, request, self._view)

    def _view(self, row: asyncpg.Record) -> QuoteView:
        quote = QUOTES.read(row)
        return QuoteView.of(quote, public_url=self._links.url(quote))


def _conditions(wanted: QuoteFilter) -> Iterator[Condition]:
    if wanted.status is not None:
        yield ("status = {}", wanted.status.value)
    yield from created_between(wanted)
    if wanted.search is not None:
        yield matching(wanted.search, function="matching_quotes")

"""Quotes in Postgres."""

from collections.abc import Iterator
from uuid import UUID

import asyncpg

from domains.quotes import Quote, QuoteFilter, QuoteLinks, QuoteView
from domains.shared.actor import Actor
from domains.shared.errors import NotFound
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
_IS_THERE = "select from quotes where id = $1"
_REVISION = f"select {QUOTES.fields} from quotes where revision_of = $1"  # noqa: S608 - names of our own fields
_VERSIONS = """
    with recursive
        earlier as (
            select id, revision_of from quotes where id = {}
            union all select q.id, q.revision_of from quotes q join earlier e on q.id = e.revision_of
        ),
        version as (
            select id from earlier where revision_of is null
            union all select q.id from quotes q join version v on q.revision_of = v.id
        )
    select id from version
"""


class PostgresQuotes(PostgresDocuments[Quote]):
    """The `Quotes` of the tenant to which the work is bound."""

    rows = QUOTES

    async def version_after(self, quote_id: UUID) -> Quote | None:
        row = await self._work.connection.fetchrow(_REVISION, quote_id)
        return None if row is None else QUOTES.read(row)


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

    async def versions(self, quote_id: UUID, request: PageRequest) -> Page[QuoteView]:
        self._actor.must(Permission.QUOTES_READ)
        async with self._work:
            if await self._work.connection.fetchrow(_IS_THERE, quote_id) is None:
                raise NotFound.one("quote")
            of_it = [(f"id = any (array({_VERSIONS}))", quote_id)]
            return await QUOTES.list.page(self._work.connection, of_it, request, self._view)

    def _view(self, row: asyncpg.Record) -> QuoteView:
        quote = QUOTES.read(row)
        return QuoteView.of(quote, public_url=self._links.url(quote))


def _conditions(wanted: QuoteFilter) -> Iterator[Condition]:
    yield from of_status(wanted.status)
    yield from created_between(wanted)
    if wanted.search is not None:
        yield matching(wanted.search, table="quotes")

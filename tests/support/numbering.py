"""Many who number documents at once, some of whom think better of it."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from domains.billing import DocumentKind, Series
from domains.shared.ids import new_id
from infra.postgres.database import Database
from infra.postgres.documents import PostgresDocumentNumbers
from infra.postgres.quotes import PostgresQuotes
from tests.support.work import work_over

_DRAFTS = """
    insert into quotes (tenant_id, id, status, customer_id, currency, prices_include_tax, items, subtotal,
                        discount_total, tax_total, taxes, total, search_text, created_at, updated_at)
    select $1, id, 'draft', $2, 'USD', false, '[]', 0, 0, 0, '[]', 0, '', now(), now() from unnest($3::uuid[]) id
"""
_AT_ONCE = 10


class ThoughtBetter(Exception):
    """Not sent after all, when the number was already taken."""


def series_of(year: int) -> Series:
    moment = datetime(year, 6, 1, tzinfo=UTC)
    return Series.at(DocumentKind.QUOTE, "Q-{year}-{seq:5}", moment, ZoneInfo("UTC"))


async def draft(admin_url: str, tenant: UUID, customer: UUID, times: int) -> list[UUID]:
    """So many empty drafts."""
    quotes = [new_id() for _ in range(times)]
    admin = await asyncpg.connect(admin_url)
    await admin.execute(_DRAFTS, tenant, customer, quotes)
    await admin.close()
    return quotes


async def number_all(pool: Database, tenant: UUID, quotes: list[UUID], *, year: int, failing: int) -> int:
    """Number them all at once, every `failing`th in a transaction that is undone; say how many were."""
    places = asyncio.Semaphore(_AT_ONCE)

    async def number(at: int, quote_id: UUID) -> bool:
        try:
            async with places, work_over(pool, tenant) as work:
                quotes = PostgresQuotes(work)
                quote = await quotes.for_change(quote_id)
                quote.send(await PostgresDocumentNumbers(work).next(series_of(year)), b"", now=quote.updated_at)
                await quotes.save(quote)
                _think_better(at % failing == 0)
        except ThoughtBetter:
            return True
        return False

    return sum(await asyncio.gather(*(number(at, quote) for at, quote in enumerate(quotes))))


def _think_better(now: bool) -> None:
    if now:
        raise ThoughtBetter


async def numbers_of(admin_url: str, tenant: UUID) -> list[str]:
    admin = await asyncpg.connect(admin_url)
    found = await admin.fetch("select number from quotes where tenant_id = $1 and number is not null", tenant)
    await admin.close()
    return sorted(row["number"] for row in found)


def unbroken(year: int, last: int) -> list[str]:
    """What must be there: each number once."""
    return [f"Q-{year}-{at:05}" for at in range(1, last + 1)]

"""Quotes in Postgres."""

import unicodedata
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from domains.billing import Discount, DocumentTax, Item
from domains.quotes import Quote, QuoteFilter, QuoteLinks, QuoteStatus, QuoteView
from domains.shared.actor import Actor
from domains.shared.errors import AlreadyExists, NotFound
from domains.shared.paging import Page, PageRequest
from domains.shared.permissions import Permission
from domains.shared.vault import Vault
from infra.postgres.customer_identities import of_customer
from infra.postgres.keyset import Keyset, SortKey
from infra.postgres.work import PostgresWork

_FIELDS = (
    "id, number, status, customer_id, currency, prices_include_tax, items, discount, subtotal, discount_total,"
    " tax_total, taxes, total, valid_until, notes, terms, sent_at, accepted_at, rejected_at, reject_reason,"
    " accepted_by, signature, link, version, created_at, updated_at"
)
_INSERT = f"""
    insert into quotes (tenant_id, search_text, {_FIELDS})
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
            $24, $25, $26, $27, $28)
"""  # noqa: S608 - put together from constants
_UPDATE = """
    update quotes
    set search_text = $2, number = $4, status = $5, customer_id = $6, currency = $7, prices_include_tax = $8,
        items = $9, discount = $10, subtotal = $11, discount_total = $12, tax_total = $13, taxes = $14, total = $15,
        valid_until = $16, notes = $17, terms = $18, sent_at = $19, accepted_at = $20, rejected_at = $21,
        reject_reason = $22, accepted_by = $23, signature = $24, link = $25, version = $26, created_at = $27,
        updated_at = $28
    where tenant_id = $1 and id = $3
"""
_DELETE = "delete from quotes where id = $1"
_ONE = f"select {_FIELDS} from quotes where id = $1"  # noqa: S608 - as above
_FOR_CHANGE = f"{_ONE} for no key update"
_OLDER = f"""
    select {_FIELDS} from quotes where substr(link, 2, length($1::bytea)) <> $1::bytea
    order by id limit 1000 for no key update
"""  # noqa: S608 - as above
_LOCKED_ANEW = "update quotes set link = $2 where id = $1"
_MATCHING = "id = any (array(select m.id from public.matching_quotes({}::text[]) m))"
_LIST = Keyset(table="quotes", fields=_FIELDS, sorts={"created_at": SortKey("created_at", datetime)})
_MOST_WORDS = 8


class PostgresQuotes:
    """The `Quotes` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def add(self, quote: Quote) -> None:
        await self._work.connection.execute(_INSERT, self._work.tenant, *_content(quote))

    async def for_change(self, quote_id: UUID) -> Quote:
        quote = await self.find(quote_id)
        if quote is None:
            raise NotFound.one("quote")
        return quote

    async def find(self, quote_id: UUID) -> Quote | None:
        row = await self._work.connection.fetchrow(_FOR_CHANGE, quote_id)
        return None if row is None else _quote(row)

    async def read(self, quote_id: UUID) -> Quote:
        row = await self._work.connection.fetchrow(_ONE, quote_id)
        if row is None:
            raise NotFound.one("quote")
        return _quote(row)

    async def save(self, quote: Quote) -> None:
        try:
            await self._work.connection.execute(_UPDATE, self._work.tenant, *_content(quote))
        except asyncpg.UniqueViolationError:
            raise AlreadyExists(f"There is a quote {quote.number} already: change how they are numbered.") from None

    async def remove(self, quote_id: UUID) -> None:
        await self._work.connection.execute(_DELETE, quote_id)


class PostgresLockedLinks:
    """The links of the tenant's quotes, as they rest."""

    def __init__(self, links: QuoteLinks, vault: Vault, work: PostgresWork) -> None:
        self._links = links
        self._vault = vault
        self._work = work

    async def lock_anew(self) -> int:
        """Lock with the newest key a thousand of those that older ones locked, and say how many. `Unreadable`."""
        rows = await self._work.connection.fetch(_OLDER, bytes.fromhex(self._vault.key))
        for row in rows:
            quote = _quote(row)
            await self._work.connection.execute(_LOCKED_ANEW, quote.id, self._links.lock_anew(quote))
        return len(rows)


class PostgresQuoteQueries:
    """The `QuoteQueries` of the actor's tenant."""

    def __init__(self, actor: Actor, links: QuoteLinks, work: PostgresWork) -> None:
        self._actor = actor
        self._links = links
        self._work = work

    async def one(self, quote_id: UUID) -> QuoteView:
        self._actor.must(Permission.QUOTES_READ)
        async with self._work:
            row = await self._work.connection.fetchrow(_ONE, quote_id)
        if row is None:
            raise NotFound.one("quote")
        return self._view(row)

    async def page(self, wanted: QuoteFilter, request: PageRequest) -> Page[QuoteView]:
        self._actor.must(Permission.QUOTES_READ)
        async with self._work:
            conditions = [*_conditions(wanted), *await of_customer(self._work, wanted.customer_id)]
            return await _LIST.page(self._work.connection, conditions, request, self._view)

    def _view(self, row: asyncpg.Record) -> QuoteView:
        quote = _quote(row)
        return QuoteView.of(quote, public_url=self._links.url(quote))


def _conditions(wanted: QuoteFilter) -> Iterator[tuple[str, object]]:
    if wanted.status is not None:
        yield ("status = {}", wanted.status.value)
    if wanted.created_from is not None:
        yield ("created_at >= {}", wanted.created_from)
    if wanted.created_before is not None:
        yield ("created_at < {}", wanted.created_before)
    if wanted.search is not None:
        yield (_MATCHING, _patterns(wanted.search))


def _patterns(asked: str) -> list[str]:
    """What each word asks of the text, the longest first: by that one the index is read."""
    words = sorted(set(_folded(asked).split()), key=lambda word: (-len(word), word))[:_MOST_WORDS]
    escaped = (word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for word in words)
    return [f"%{word}%" for word in escaped] or ["%"]


def _folded(text: str) -> str:
    """Without accents and capitals."""
    return "".join(each for each in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(each))


def _search_text(quote: Quote) -> str:
    parts = (quote.number, *(item.description for item in quote.items), quote.notes, quote.terms)
    return _folded("\n".join(part for part in parts if part))


def _content(quote: Quote) -> tuple[object, ...]:
    """What is found by, then every field in the order of `_FIELDS`."""
    return (
        _search_text(quote), quote.id, quote.number, quote.status.value, quote.customer_id, quote.currency,
        quote.prices_include_tax, _json(quote.items), _json(quote.discount) if quote.discount else None,
        quote.subtotal, quote.discount_total, quote.tax_total, _json(quote.taxes), quote.total, quote.valid_until,
        quote.notes, quote.terms, quote.sent_at, quote.accepted_at, quote.rejected_at, quote.reject_reason,
        quote.accepted_by, quote.signature, quote.link, quote.version, quote.created_at, quote.updated_at,
    )  # fmt: skip


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _quote(row: asyncpg.Record) -> Quote:
    values: dict[str, Any] = {name: row[name] for name in Quote.__struct_fields__}
    values["status"] = QuoteStatus(row["status"])
    values["items"] = msgspec.convert(row["items"], tuple[Item, ...])
    values["discount"] = msgspec.convert(row["discount"], Discount | None)
    values["taxes"] = msgspec.convert(row["taxes"], tuple[DocumentTax, ...])
    return Quote(**values)

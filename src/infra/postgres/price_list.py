"""The price list in Postgres."""

from collections.abc import Collection, Iterator, Mapping
from uuid import UUID

import asyncpg
import msgspec

from domains.billing import PriceItem, PriceItemView
from domains.shared.actor import Actor
from domains.shared.errors import AlreadyExists, Conflict, FieldError, NotFound
from domains.shared.paging import Page, PageRequest
from domains.shared.permissions import Permission
from infra.postgres.billed_documents import resting
from infra.postgres.keyset import Condition, Keyset, SortKey
from infra.postgres.own_fields import inserting, updating
from infra.postgres.work import PostgresWork

_FIELDS = tuple(PriceItem.__struct_fields__)
_SAVED = tuple(name for name in _FIELDS if name not in {"id", "created_at"})
_ADD = inserting("price_items", _FIELDS)
_SAVE = updating("price_items", _SAVED)
_ANY = f"select {', '.join(_FIELDS)} from price_items where id"  # noqa: S608 - names of our own fields
_ALONE = "select pg_advisory_xact_lock(hashtextextended('price_items ' || $1, 0))"
_BEYOND = """
    select exists (select from price_items where archived_at is null order by sort_name, id offset $1 limit 1)
"""
_SERVICES = """
    select id, name, price as unit_price, currency, null::text as unit, null::jsonb as taxes, null::text as sku,
           archived_at, version, created_at, updated_at
    from services where id = any ($1)
"""
_LIST = Keyset(table="price_items", fields=", ".join(_FIELDS), sorts={"name": SortKey("sort_name", str)})


class PostgresPriceItems:
    """The `PriceItems` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def add(self, price: PriceItem) -> None:
        await self._write(_ADD, self._work.tenant, *_values(price, _FIELDS))

    async def must_hold(self, most: int) -> None:
        await self._work.connection.execute(_ALONE, str(self._work.tenant))
        if await self._work.connection.fetchval(_BEYOND, most):
            raise Conflict(f"A price list has {most:,} prices at most: archive some.")

    async def for_change(self, price_id: UUID) -> PriceItem:
        row = await self._work.connection.fetchrow(f"{_ANY} = $1 for no key update", price_id)
        if row is None:
            raise NotFound.one("price item")
        return _read(row)

    async def save(self, price: PriceItem) -> None:
        await self._write(_SAVE, price.id, *_values(price, _SAVED))

    async def all_of(self, price_ids: Collection[UUID]) -> Mapping[UUID, PriceItem]:
        rows = await self._work.connection.fetch(f"{_ANY} = any ($1)", list(price_ids))
        return {row["id"]: _read(row) for row in rows}

    async def of_services(self, service_ids: Collection[UUID]) -> Mapping[UUID, PriceItem]:
        rows = await self._work.connection.fetch(_SERVICES, list(service_ids))
        return {row["id"]: _read(row) for row in rows}

    async def _write(self, statement: str, *values: object) -> None:
        try:
            await self._work.connection.execute(statement, *values)
        except asyncpg.UniqueViolationError:
            taken = FieldError("sku", "already_exists", "There is a price with this SKU.")
            raise AlreadyExists("The SKU is taken.", errors=(taken,)) from None


class PostgresPriceQueries:
    """The `PriceQueries` of the actor's tenant."""

    def __init__(self, actor: Actor, work: PostgresWork) -> None:
        self._actor = actor
        self._work = work

    async def one(self, price_id: UUID) -> PriceItemView:
        self._actor.must(Permission.QUOTES_READ)
        async with self._work:
            row = await self._work.connection.fetchrow(f"{_ANY} = $1", price_id)
        if row is None:
            raise NotFound.one("price item")
        return _view(row)

    async def page(self, request: PageRequest, *, search: str | None, archived: bool) -> Page[PriceItemView]:
        self._actor.must(Permission.QUOTES_READ)
        async with self._work:
            return await _LIST.page(self._work.connection, [*_conditions(search, archived)], request, _view)


def _conditions(search: str | None, archived: bool) -> Iterator[Condition]:
    yield ("archived_at is not null" if archived else "archived_at is null", ())
    if search is not None:
        yield ("strpos(sort_name || E'\\n' || lower(coalesce(sku, '')), lower({}::text)) > 0", search.strip())


def _view(row: asyncpg.Record) -> PriceItemView:
    return PriceItemView.of(_read(row))


def _read(row: asyncpg.Record) -> PriceItem:
    return msgspec.convert({name: row[name] for name in _FIELDS}, PriceItem)


def _values(price: PriceItem, fields: Collection[str]) -> list[object]:
    return [resting(getattr(price, name)) for name in fields]

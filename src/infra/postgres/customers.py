"""Customers in Postgres."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from domains.customers import Address, Customer, CustomerFilter, CustomerView
from domains.shared.actor import Actor
from domains.shared.clock import timestamp
from domains.shared.errors import NotFound
from domains.shared.paging import Page, PageRequest
from domains.shared.permissions import Permission
from infra.postgres.keyset import Keyset, SortKey
from infra.postgres.work import PostgresWork

_FIELDS = (
    "id, name, company, emails, phones, addresses, tags, notes, preferred_language, source, custom,"
    " archived_at, version, created_at, updated_at"
)
_INSERT = f"""
    insert into customers (tenant_id, {_FIELDS})
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
"""  # noqa: S608 - put together from constants
_UPDATE = """
    update customers
    set name = $2, company = $3, emails = $4, phones = $5, addresses = $6, tags = $7, notes = $8,
        preferred_language = $9, source = $10, custom = $11, archived_at = $12, version = $13, updated_at = $14
    where id = $1
"""
_ONE = f"select {_FIELDS} from customers where id = $1"  # noqa: S608 - as above
_FOR_CHANGE = f"{_ONE} for no key update"
_CURRENT_FOR_CHANGE = f"""
    select {_FIELDS} from customers where id = any ($1) and archived_at is null order by id for no key update
"""  # noqa: S608 - as above
_LIST = Keyset(
    table="customers",
    fields=_FIELDS,
    sorts={"created_at": SortKey("created_at", datetime), "name": SortKey("sort_name", str)},
)


class PostgresCustomers:
    """The `Customers` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def add(self, customer: Customer) -> None:
        await self._work.connection.execute(_INSERT, *self._new(customer))

    async def for_change(self, customer_id: UUID) -> Customer:
        row = await self._work.connection.fetchrow(_FOR_CHANGE, customer_id)
        if row is None:
            raise NotFound.one("customer")
        return _customer(row)

    async def save(self, customer: Customer) -> None:
        await self._work.connection.execute(_UPDATE, *_changed(customer))

    async def current_for_change(self, ids: Collection[UUID]) -> Sequence[Customer]:
        return [_customer(row) for row in await self._work.connection.fetch(_CURRENT_FOR_CHANGE, list(ids))]

    async def add_all(self, customers: Sequence[Customer]) -> None:
        await self._work.connection.executemany(_INSERT, [self._new(customer) for customer in customers])

    async def save_all(self, customers: Sequence[Customer]) -> None:
        await self._work.connection.executemany(_UPDATE, [_changed(customer) for customer in customers])

    def _new(self, customer: Customer) -> tuple[object, ...]:
        times = (customer.created_at, customer.updated_at)
        return (self._work.tenant, customer.id, *_content(customer), customer.version, *times)


class PostgresCustomerQueries:
    """The `CustomerQueries` of the actor's tenant: rows go straight into views."""

    def __init__(self, actor: Actor, work: PostgresWork) -> None:
        self._actor = actor
        self._work = work

    async def one(self, customer_id: UUID) -> CustomerView:
        self._actor.must(Permission.CUSTOMERS_READ)
        async with self._work:
            row = await self._work.connection.fetchrow(_ONE, customer_id)
        if row is None:
            raise NotFound.one("customer")
        return _view(row)

    async def page(self, wanted: CustomerFilter, request: PageRequest) -> Page[CustomerView]:
        self._actor.must(Permission.CUSTOMERS_READ)
        async with self._work:
            return await _LIST.page(self._work.connection, list(_conditions(wanted)), request, _view)


def _conditions(wanted: CustomerFilter) -> Iterator[tuple[str, object]]:
    yield ("(archived_at is not null) = {}", wanted.archived)
    if wanted.tag is not None:
        yield ("{} = any (tags)", wanted.tag)
    if wanted.created_from is not None:
        yield ("created_at >= {}", wanted.created_from)
    if wanted.created_before is not None:
        yield ("created_at < {}", wanted.created_before)


def _changed(customer: Customer) -> tuple[object, ...]:
    return (customer.id, *_content(customer), customer.version, customer.updated_at)


def _customer(row: asyncpg.Record) -> Customer:
    times = {name: row[name] for name in ("archived_at", "created_at", "updated_at")}
    return Customer(**_values(row), **times)


def _content(customer: Customer) -> tuple[object, ...]:
    return (
        customer.name,
        customer.company,
        customer.emails,
        customer.phones,
        msgspec.json.encode(customer.addresses).decode(),
        customer.tags,
        customer.notes,
        customer.preferred_language,
        customer.source,
        msgspec.json.encode(customer.custom).decode(),
        customer.archived_at,
    )


def _values(row: asyncpg.Record) -> dict[str, Any]:
    return {
        "id": row["id"],
        "name": row["name"],
        "company": row["company"],
        "emails": tuple(row["emails"]),
        "phones": tuple(row["phones"]),
        "addresses": msgspec.convert(row["addresses"], tuple[Address, ...]),
        "tags": tuple(row["tags"]),
        "notes": row["notes"],
        "preferred_language": row["preferred_language"],
        "source": row["source"],
        "custom": row["custom"],
        "version": row["version"],
    }


def _view(row: asyncpg.Record) -> CustomerView:
    archived_at = row["archived_at"]
    return CustomerView(
        **_values(row),
        archived_at=archived_at and timestamp(archived_at),
        created_at=timestamp(row["created_at"]),
        updated_at=timestamp(row["updated_at"]),
    )

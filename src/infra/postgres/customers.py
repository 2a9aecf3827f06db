"""Customers in Postgres."""

from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from domains.customers import Customer
from domains.shared.errors import NotFound
from domains.shared.postal import PostalAddress
from infra.postgres.work import PostgresWork

FIELDS = (
    "id, name, company, emails, phones, addresses, tags, notes, preferred_language, source, custom,"
    " archived_at, merged_into, version, created_at, updated_at"
)
_INSERT = f"""
    insert into customers (tenant_id, {FIELDS})
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
"""  # noqa: S608 - put together from constants
_UPDATE = """
    update customers
    set name = $2, company = $3, emails = $4, phones = $5, addresses = $6, tags = $7, notes = $8,
        preferred_language = $9, source = $10, custom = $11, archived_at = $12, merged_into = $13,
        version = $14, updated_at = $15
    where id = $1
"""
ONE = f"select {FIELDS} from customers where id = $1 and erased_at is null"  # noqa: S608 - as above
_FOR_CHANGE = f"{ONE} for no key update"


class PostgresCustomers:
    """The `Customers` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def add(self, customer: Customer) -> None:
        self._work.put(
            _INSERT, customer.id, *_content(customer), customer.version, customer.created_at,
            customer.updated_at,
        )  # fmt: skip

    async def for_change(self, customer_id: UUID) -> Customer:
        row = await self._work.connection.fetchrow(_FOR_CHANGE, customer_id)
        if row is None:
            raise NotFound.one("customer")
        return Customer(**values_of(row), archived_at=row["archived_at"], created_at=row["created_at"],
                        updated_at=row["updated_at"])  # fmt: skip

    async def save(self, customer: Customer) -> None:
        await self._work.connection.execute(
            _UPDATE, customer.id, *_content(customer), customer.version, customer.updated_at
        )


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
        customer.merged_into,
    )


def values_of(row: asyncpg.Record) -> dict[str, Any]:
    return {
        "id": row["id"],
        "name": row["name"],
        "company": row["company"],
        "emails": tuple(row["emails"]),
        "phones": tuple(row["phones"]),
        "addresses": tuple(msgspec.convert(address, PostalAddress) for address in row["addresses"]),
        "tags": tuple(row["tags"]),
        "notes": row["notes"],
        "preferred_language": row["preferred_language"],
        "source": row["source"],
        "custom": row["custom"],
        "merged_into": row["merged_into"],
        "version": row["version"],
    }

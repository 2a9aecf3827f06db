"""Customers in Postgres, many at once: a statement for all of them."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

import msgspec

from domains.customers import Customer
from domains.customers.importing import Named
from infra.postgres.customers import FIELDS, values_of
from infra.postgres.work import PostgresWork

_COLUMNS = (
    "id uuid, name text, company text, emails text[], phones text[], addresses jsonb, tags text[], notes text,"
    " preferred_language text, source text, custom jsonb, archived_at timestamptz, merged_into uuid, version integer,"
    " created_at timestamptz, updated_at timestamptz"
)
_ADD = f"""
    insert into customers (tenant_id, {FIELDS})
    select $1, {FIELDS} from jsonb_to_recordset($2::jsonb) as given ({_COLUMNS})
"""  # noqa: S608 - put together from constants, as below
_CURRENT = f"""
    select {FIELDS} from customers
    where id = any ($1) and archived_at is null and merged_into is null and erased_at is null
    order by id for no key update
"""  # noqa: S608 - as above
_SAVE = f"""
    update customers c
    set name = g.name, company = g.company, emails = g.emails, phones = g.phones, addresses = g.addresses,
        tags = g.tags, notes = g.notes, preferred_language = g.preferred_language, source = g.source,
        custom = g.custom, version = g.version, updated_at = g.updated_at
    from jsonb_to_recordset($1::jsonb) as g ({_COLUMNS}) where c.id = g.id
"""  # noqa: S608 - as above


_NAMED = """
    with recursive named (asked, id, merged_into, archived_at, erased_at) as (
        select id, id, merged_into, archived_at, erased_at from customers where id = any ($1)
        union all
        select n.asked, c.id, c.merged_into, c.archived_at, c.erased_at
        from named n join customers c on c.id = n.merged_into
    )
    select asked, id, archived_at is not null as is_archived, erased_at is not null as is_erased
    from named where merged_into is null or erased_at is not null
"""


class PostgresImportedCustomers:
    """The `ImportedCustomers` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def named(self, ids: Collection[UUID]) -> Mapping[UUID, Named]:
        rows = await self._work.connection.fetch(_NAMED, list(ids)) if ids else []
        return {
            row["asked"]: Named(customer=row["id"], is_archived=row["is_archived"], is_erased=row["is_erased"])
            for row in rows
        }

    async def current_for_change(self, ids: Collection[UUID]) -> Sequence[Customer]:
        rows = await self._work.connection.fetch(_CURRENT, list(ids)) if ids else []
        return [
            Customer(**values_of(row), **{name: row[name] for name in ("archived_at", "created_at", "updated_at")})
            for row in rows
        ]

    async def add_all(self, customers: Sequence[Customer]) -> None:
        if customers:
            await self._work.connection.execute(_ADD, self._work.tenant, _as_json(customers))

    async def save_all(self, customers: Sequence[Customer]) -> None:
        if customers:
            await self._work.connection.execute(_SAVE, _as_json(customers))


def _as_json(customers: Sequence[Customer]) -> str:
    """Their fields are named as the columns are."""
    return msgspec.json.encode(customers).decode()

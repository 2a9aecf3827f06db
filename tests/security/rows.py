"""Rows for any table, made from the catalogue: a new table is under the generated tests by itself.

A table that no row can be made for fails loudly: say in `TELLING` which value its constraint wants.
"""

import itertools
import re
from uuid import UUID

import asyncpg
import msgspec

from domains.shared.ids import new_id

TELLING: dict[str, str] = {
    "api_calls.calls": "3",
    "api_calls.since": "2026-01-02T03:04:05.{number:06}Z",
    "appointments.ends_at": "2026-01-02T04:04:05Z",
    "appointments.blocked_until": "2026-01-02T04:04:05Z",
    "busy_times.ends_at": "2026-01-02T04:04:05Z",
    "credit_notes.tax_total": "0",
    "invoices.amount_credited": "0",
    "invoices.amount_due": "0",
    "invoices.deposit_due": "0",
    "invoices.deposit_overdue": "false",
    "invoices.status": "paid",
    "ledger_postings.amount": "0",
    "occupancies.ends_at": "2026-01-02T04:04:05Z",
    "public.api_calls.calls": "3",
    "public.api_calls.since": "2026-01-02T03:04:05.{number:06}Z",
    "slot_holds.blocked_until": "2026-01-02T04:04:05Z",
    "slot_holds.ends_at": "2026-01-02T04:04:05Z",
    "waiting_list.until_at": "2026-01-02T04:04:05Z",
    "public.appointments.ends_at": "2026-01-02T04:04:05Z",
    "public.appointments.blocked_until": "2026-01-02T04:04:05Z",
    "public.busy_times.ends_at": "2026-01-02T04:04:05Z",
    "public.credit_notes.tax_total": "0",
    "public.invoices.amount_credited": "0",
    "public.invoices.amount_due": "0",
    "public.invoices.deposit_due": "0",
    "public.invoices.deposit_overdue": "false",
    "public.invoices.status": "paid",
    "public.ledger_postings.amount": "0",
    "public.occupancies.ends_at": "2026-01-02T04:04:05Z",
    "public.quotes.status": "sent",
    "public.slot_holds.blocked_until": "2026-01-02T04:04:05Z",
    "public.slot_holds.ends_at": "2026-01-02T04:04:05Z",
    "public.waiting_list.until_at": "2026-01-02T04:04:05Z",
    "public.users.email": "person-{number}@example.com",
    "quotes.status": "sent",
    "saq.saq_versions.version": "7{number}",
    "users.email": "person-{number}@example.com",
}
"""Values, by `table.column`, that cannot be told from the catalogue; `{number}` is another each time."""

_OF_TYPE = {
    "bigint": "1",
    "boolean": "true",
    "date": "2026-01-02",
    "double precision": "1",
    "integer": "1",
    "json": "{}",
    "interval": "1 hour",
    "jsonb": "{}",
    "numeric": "1",
    "smallint": "1",
    "timestamp without time zone": "2026-01-02T03:04:05",
    "timestamp with time zone": "2026-01-02T03:04:05Z",
    "tsvector": "",
    "xid8": "1",
}
_CHOICE = re.compile(r"\((?P<column>\w+) = ANY \(ARRAY\['(?P<first>[^']+)'")
_COLUMNS = """
    select a.attname as name, format_type(a.atttypid, null) as type
    from pg_attribute a
    where a.attrelid = $1::text::regclass and a.attnum > 0 and not a.attisdropped
      and a.attgenerated = '' and a.attidentity = ''
    order by a.attnum
"""
_CHECKS = "select pg_get_constraintdef(oid) from pg_constraint where conrelid = $1::text::regclass and contype = 'c'"
_PARENTS = """
    select k.confrelid::regclass::text as parent,
           (select array_agg(a.attname::text order by at) from unnest(k.conkey) with ordinality c (number, at)
            join pg_attribute a on a.attrelid = k.conrelid and a.attnum = c.number) as here,
           (select array_agg(a.attname::text order by at) from unnest(k.confkey) with ordinality c (number, at)
            join pg_attribute a on a.attrelid = k.confrelid and a.attnum = c.number) as there
    from pg_constraint k where k.conrelid = $1::text::regclass and k.contype = 'f' and k.confrelid <> k.conrelid
"""
_OWN_KIND = """
    select a.attname as name from pg_constraint k
    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any (k.conkey)
    where k.conrelid = $1::text::regclass and k.contype = 'f' and k.confrelid = k.conrelid and not a.attnotnull
"""
_numbers = itertools.count(1)


class CannotMake(AssertionError):
    """No row can be made for a table from what the catalogue says of it."""


class Row(msgspec.Struct, frozen=True):
    """One row as texts, each with its type: what an INSERT needs."""

    table: str
    values: dict[str, str]
    types: dict[str, str]

    @property
    def statement(self) -> str:
        columns = ", ".join(f'"{name}"' for name in self.values)
        given = ", ".join(f"cast(${at}::text as {self.types[name]})" for at, name in enumerate(self.values, 1))
        return f"insert into {self.table} ({columns}) values ({given})"

    async def insert(self, connection: asyncpg.Connection) -> str:
        """The server's answer: `INSERT 0 1`."""
        return str(await connection.execute(self.statement, *self.values.values()))


async def make_row(inspector: asyncpg.Connection, table: str, tenant: UUID) -> Row:
    """A row of `tenant` for `table`, not stored yet; the rows of other tables that it refers to are."""
    alone = {column["name"] for column in await inspector.fetch(_OWN_KIND, table)}
    columns = [column for column in await inspector.fetch(_COLUMNS, table) if column["name"] not in alone]
    choices = await _choices(inspector, table)
    values = {column["name"]: _value(table, column["name"], column["type"], choices) for column in columns}
    if "tenant_id" in values:
        values["tenant_id"] = str(tenant)
    for reference in await inspector.fetch(_PARENTS, table):
        parent = await stored_row(inspector, reference["parent"], tenant)
        for here, there in zip(reference["here"], reference["there"], strict=True):
            values[here] = parent.values[there]
    return Row(table, values, {column["name"]: column["type"] for column in columns})


async def stored_row(inspector: asyncpg.Connection, table: str, tenant: UUID) -> Row:
    """A row of `tenant` in `table`: a new one, or for the tenant's own record the one that is there."""
    row = await make_row(inspector, table, tenant)
    try:
        async with inspector.transaction():
            await row.insert(inspector)
    except asyncpg.UniqueViolationError as error:
        if error.detail is None or f"=({tenant})" not in error.detail:
            raise CannotMake(f"{table}: {error}") from error
    except asyncpg.PostgresError as error:
        raise CannotMake(f"{table}: {error}; say in {__name__}.TELLING what it wants") from error
    return row


async def _choices(inspector: asyncpg.Connection, table: str) -> dict[str, str]:
    found = [_CHOICE.search(check[0]) for check in await inspector.fetch(_CHECKS, table)]
    return {match["column"]: match["first"] for match in found if match}


def _value(table: str, column: str, kind: str, choices: dict[str, str]) -> str:
    if told := TELLING.get(f"{table}.{column}"):
        return told.format(number=next(_numbers))
    if kind == "uuid":
        return str(new_id())
    if kind in {"text", "character varying"}:
        return choices.get(column, f"value-{next(_numbers)}")
    if kind == "bytea":
        return f"\\x{new_id().hex}"
    if kind.endswith("[]"):
        return "{}"
    if kind not in _OF_TYPE:
        raise CannotMake(f"{table}.{column} is of type {kind}; say in {__name__} what that looks like")
    return _OF_TYPE[kind]

"""What is exported: every tenant table, as its model declares it. A new one is exported by itself."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from uuid import UUID

import msgspec
from sqlalchemy import Table
from sqlalchemy.dialects import postgresql

from domains.exports import Batch
from infra.postgres.tables import Privacy, metadata
from infra.postgres.work import PostgresWork

_ROWS = 1_000
_MOST_COUNTED = 200_000
_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]  # the library leaves it untyped


class Own(msgspec.Struct, frozen=True):
    """A table with rows about users: `column` names the user. `without`: what in them is about others."""

    column: str
    without: frozenset[str] = frozenset()


OWN_ROWS: Mapping[str, Own] = MappingProxyType(
    {
        "api_keys": Own("created_by"),
        "audit_log": Own("actor_id", without=frozenset({"changes", "personal"})),
        "busy_times": Own("user_id"),
        "events": Own("actor_id", without=frozenset({"data"})),
        "feature_exposures": Own("user_id"),
        "imported_calendars": Own("user_id"),
        "invitations": Own("invited_by", without=frozenset({"email"})),
        "jobs": Own("requested_by"),
        "staff_schedules": Own("user_id"),
        "users": Own("id"),
    }
)
"""What there is of one user, in one's own export."""

NOT_OWN: Mapping[str, str] = MappingProxyType(
    {
        "api_calls": "how often the business called",
        "appointments": "about the business's customers",
        "audit_chains": "the end of the business's chain",
        "audit_seals": "hashes of entries",
        "bookable_resources": "the business itself",
        "booking_policies": "the business itself",
        "calendar_feeds": "which address a feed has",
        "credit_notes": "what the business gave up of its invoices",
        "customer_import_contacts": "about the business's customers",
        "customer_import_faults": "about the business's customers",
        "customer_fields": "the business itself",
        "customer_mergers": "about the business's customers",
        "customer_notes": "about the business's customers",
        "customer_timeline": "about the business's customers",
        "customers": "the records of the business",
        "document_counters": "how many documents the business has numbered",
        "event_log": "ids in an order, kept for a day",
        "idempotency_keys": "answers given before, kept for a day",
        "inbox": "what providers sent to the business",
        "invoices": "what the business charged its customers",
        "letters": "addressed to whoever has the address, and kept for 30 days",
        "disputes": "about the business's customers",
        "ledger_entries": "the books of the business",
        "ledger_postings": "the books of the business",
        "occupancies": "ids and times of visits and holds",
        "payment_reconciliations": "the books of the business",
        "payments": "what customers paid to the business",
        "price_items": "the business itself",
        "quotes": "what the business offered to its customers",
        "recurring_invoices": "what the business charges its customers",
        "refunds": "what the business gave back to its customers",
        "services": "the business itself",
        "slot_holds": "times that visitors hold for minutes",
        "tenant_features": "the business itself",
        "tenant_integrations": "the business itself",
        "tenants": "the business itself",
        "usage_counters": "how much the business has",
        "waiting_list": "about the business's customers",
    }
)
"""The other tables, and why a user's own export leaves them out. A new table must be in one of the two."""


class _Columns(msgspec.Struct, frozen=True):
    """What is read of one table, and the key by which it is read in order."""

    shown: tuple[str, ...]
    key: tuple[str, ...]
    types: tuple[str, ...]

    @classmethod
    def of(cls, table: Table, without: frozenset[str]) -> "_Columns":
        shown = [each.name for each in table.columns if each.info.get("privacy") is not Privacy.SECRET]
        key = [each for each in table.primary_key.columns if each.name != "tenant_id"]
        return cls(
            shown=tuple(name for name in shown if name not in without),
            key=tuple(each.name for each in key),
            types=tuple(str(each.type.compile(dialect=_DIALECT)) for each in key),
        )


class PostgresExportSource:
    """The `ExportSource` of the tenant to which the work is bound: row-level security keeps all others' rows away."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    def tables(self, person: UUID | None) -> Sequence[str]:
        return sorted(metadata.tables if person is None else OWN_ROWS)

    async def count(self, person: UUID | None) -> int | None:
        total = 0
        for table in self.tables(person):
            where, values = _where(table, person)
            counted = f"select count(*) from (select from {table} where {where} limit {_MOST_COUNTED}) counted"  # noqa: S608 - names of models
            rows = int(await self._work.connection.fetchval(counted, *values))
            if rows == _MOST_COUNTED:
                return None
            total += rows
        return total

    async def batch(self, table: str, person: UUID | None, after: tuple[str, ...] | None) -> Batch:
        statement, values = _statement(table, person, after)
        rows = await self._work.connection.fetch(statement, *values)
        is_last = len(rows) < _ROWS or not _columns(table, person).key
        lines = "".join(f"{row['line']}\n" for row in rows).encode()
        return Batch(lines, len(rows), None if is_last else tuple(rows[-1]["row_key"]))


def _columns(table: str, person: UUID | None) -> _Columns:
    return _Columns.of(metadata.tables[table], frozenset() if person is None else OWN_ROWS[table].without)


def _statement(table: str, person: UUID | None, after: tuple[str, ...] | None) -> tuple[str, list[object]]:
    columns = _columns(table, person)
    where, values = _where(table, person)
    if after is not None:
        places = (f"cast(${len(values) + at}::text as {kind})" for at, kind in enumerate(columns.types, 1))
        where += f" and ({', '.join(columns.key)}) > ({', '.join(places)})"
        values.extend(after)
    key = ", ".join(f"t.{name}::text" for name in columns.key)
    shown = ", ".join(f"t.{name}" for name in columns.shown)
    line = f"(select to_jsonb(shown) from (select {shown}) shown)::text"  # noqa: S608 - names of models, as below
    order = ", ".join(columns.key) or "tenant_id"
    statement = (
        f"select {line} as line, array[{key}]::text[] as row_key from {table} t"  # noqa: S608 - and $1, $2; values apart
        f" where {where} order by {order} limit {_ROWS}"
    )
    return statement, values


def _where(table: str, person: UUID | None) -> tuple[str, list[object]]:
    return ("true", []) if person is None else (f"{OWN_ROWS[table].column} = $1", [person])

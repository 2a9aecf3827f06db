"""What holds for the rows of every table that has the columns: a new table is under it by itself."""

from collections.abc import Iterator
from types import MappingProxyType

import asyncpg

from infra.postgres.invariants.rule import Invariant

_TABLES = """
    select format('%I.%I', n.nspname, c.relname) as name,
           array_agg(a.attname::text) as columns
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind in ('r', 'p') and n.nspname in ('public', 'work', 'directory')
    group by 1 order by 1
"""
_FOUNDERS = frozenset({"directory.registrations"})
_OF_THE_UNFOUNDED = MappingProxyType(
    {
        "public.events": "r.type !~ '^(registration[.]|account[.]reset_wanted$)'",
        "public.letters": "r.template not in ('known_address', 'tenant_deleted', 'verification_code')",
        "work.envelopes": "r.kind !~ '^(identity|letters)[.]'",
        "work.unsettled": "not exists (select from letters l where l.tenant_id = r.tenant_id and l.id = r.id)",
    }
)
"""What was begun for a tenant stays a while where nobody confirmed, and the last letter where a tenant is deleted.

Rows to which this does not apply need a tenant.
"""
_OF_A_VERSION = frozenset({"version", "created_at", "updated_at"})


async def invariants(connection: asyncpg.Connection) -> list[Invariant]:
    """Rows belong to a tenant that exists, or is about to be founded; versions and times go forward."""
    found: list[Invariant] = []
    for table in await connection.fetch(_TABLES):
        found += _of(table["name"], frozenset(table["columns"]))
    return found


def _of(table: str, columns: frozenset[str]) -> Iterator[Invariant]:
    if "tenant_id" in columns and table not in _FOUNDERS:
        yield Invariant(f"the rows of {table} belong to a tenant", _orphans(table))
    if columns >= _OF_A_VERSION:
        yield Invariant(
            f"the rows of {table} have a version and times that go forward",
            f"select format('version %s, %s to %s', version, created_at, updated_at) from {table}"  # noqa: S608 - names from the catalogue
            " where version < 1 or updated_at < created_at",
        )


def _orphans(table: str) -> str:
    return f"""
        select distinct 'tenant ' || r.tenant_id from {table} r
        where {_OF_THE_UNFOUNDED.get(table, "true")}
          and not exists (select from directory.tenants t where t.id = r.tenant_id)
          and not exists (select from directory.registrations g where g.tenant_id = r.tenant_id)
    """  # noqa: S608 - names from the catalogue

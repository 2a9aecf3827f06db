"""A rule of the schema: a question to the catalogue whose answers are what breaks it."""

import asyncpg
import msgspec

OUR_SCHEMAS = """
    select oid from pg_namespace
    where nspname not in ('pg_catalog', 'information_schema') and nspname !~ '^pg_(toast|temp)'
"""
"""Every schema that is not the server's own: a new one is under the rules by itself."""

TABLES = f"""
    select c.oid, c.oid::regclass::text as name, n.nspname as schema, c.relname, c.relowner, c.relkind, c.relacl,
           c.relrowsecurity, c.relforcerowsecurity, c.relispartition, c.relpersistence,
           exists (select from pg_attribute a
                   where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped) as has_tenant
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and c.relnamespace in ({OUR_SCHEMAS})
"""
TENANT_TABLES = f"select * from ({TABLES}) all_tables where has_tenant and schema <> 'directory'"


class Rule(msgspec.Struct, frozen=True):
    """`finds` answers one text a breach; `$1`, if it is there, is `allowed`, each with its reason."""

    name: str
    finds: str
    allowed: dict[str, str] = {}

    async def findings(self, catalogue: asyncpg.Connection) -> list[str]:
        given = [list(self.allowed)] if "$1" in self.finds else []
        return [str(row[0]) for row in await catalogue.fetch(self.finds, *given)]

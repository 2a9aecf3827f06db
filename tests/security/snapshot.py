"""All that a schema is, as lines of text: two databases with the same lines have the same schema, rights included."""

import asyncpg

from tests.security.catalogue.rule import OUR_SCHEMAS

_PARTS = (
    f"""
    select format('%s %s: owner %s, rls %s/%s, rights %s, options %s', c.relkind, c.oid::regclass, c.relowner::regrole,
                  c.relrowsecurity, c.relforcerowsecurity,
                  (select array_agg(a::text order by a::text) from unnest(c.relacl) a), c.reloptions)
    from pg_class c where c.relnamespace in ({OUR_SCHEMAS}) and c.relkind <> 'i'
    """,
    f"""
    select format('column %s.%s: %s, null %s, default %s, generated %s, rights %s', c.oid::regclass, a.attname,
                  format_type(a.atttypid, a.atttypmod), not a.attnotnull,
                  (select pg_get_expr(d.adbin, d.adrelid) from pg_attrdef d
                   where d.adrelid = c.oid and d.adnum = a.attnum), a.attgenerated, a.attacl)
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace in ({OUR_SCHEMAS}) and c.relkind <> 'i' and a.attnum > 0 and not a.attisdropped
    """,
    f"""
    select pg_get_indexdef(i.indexrelid) || ', valid ' || i.indisvalid from pg_index i
    join pg_class c on c.oid = i.indexrelid where c.relnamespace in ({OUR_SCHEMAS})
    """,
    f"""
    select format('constraint %s.%s: %s, valid %s', conrelid::regclass, conname, pg_get_constraintdef(oid),
                  convalidated)
    from pg_constraint where connamespace in ({OUR_SCHEMAS}) and contype <> 'n'
    """,
    """
    select format('policy %s.%s: %s %s to %s using %s check %s', polrelid::regclass, polname, polcmd, polpermissive,
                  (select string_agg(r::regrole::text, ',' order by r::regrole::text) from unnest(polroles) r),
                  pg_get_expr(polqual, polrelid),
                  pg_get_expr(polwithcheck, polrelid))
    from pg_policy
    """,
    f"""
    select format('function %s: owner %s, rights %s: %s', oid::regprocedure, proowner::regrole, proacl,
                  pg_get_functiondef(oid))
    from pg_proc where pronamespace in ({OUR_SCHEMAS}) and prokind <> 'a'
    """,
    f"""
    select format('trigger %s', pg_get_triggerdef(t.oid)) from pg_trigger t
    join pg_class c on c.oid = t.tgrelid where not t.tgisinternal and c.relnamespace in ({OUR_SCHEMAS})
    """,
    f"""
    select format('schema %s: owner %s, rights %s', nspname, nspowner::regrole,
                  (select array_agg(a::text order by a::text) from unnest(nspacl) a))
    from pg_namespace where oid in ({OUR_SCHEMAS})
    """,
    "select format('default %s %s %s', defaclrole::regrole, defaclobjtype, defaclacl) from pg_default_acl",
    "select format('extension %s %s', extname, extversion) from pg_extension",
)


async def snapshot(url: str) -> list[str]:
    """The schema of the database of `url`, which must be an administrator's."""
    inspector = await asyncpg.connect(url)
    try:
        return sorted([str(row[0]) for part in _PARTS for row in await inspector.fetch(part)])
    finally:
        await inspector.close()

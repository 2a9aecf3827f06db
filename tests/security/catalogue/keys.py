"""The tenant leads every key: no key reaches, or gives away, another tenant's row, and the schema can be sharded."""

from tests.security.catalogue.rule import OUR_SCHEMAS, TABLES, TENANT_TABLES, Rule

_FIRST = """
    (select attname from pg_attribute where attrelid = {relation} and attnum = {numbers})
"""


def _first_column(relation: str, numbers: str) -> str:
    return _FIRST.format(relation=relation, numbers=numbers)


RULES = (
    Rule(
        "every table has a primary key",
        f"""
        select name from ({TABLES}) t
        where not exists (select from pg_constraint k where k.conrelid = t.oid and k.contype = 'p')
        """,
    ),
    Rule(
        "the tenant leads every primary, unique and exclusion key",
        f"""
        select t.name || ': ' || i.indexrelid::regclass from ({TENANT_TABLES}) t join pg_index i on i.indrelid = t.oid
        where (i.indisunique or i.indisexclusion)
          and {_first_column("i.indrelid", "i.indkey[0]")} is distinct from 'tenant_id'
        """,
    ),
    Rule(
        "an exclusion compares tenants by equality",
        f"""
        select t.name || ': ' || k.conname from ({TENANT_TABLES}) t join pg_constraint k on k.conrelid = t.oid
        where k.contype = 'x' and k.conexclop[1] <> '=(uuid,uuid)'::regoperator
        """,
    ),
    Rule(
        "the tenant leads every foreign key, on both sides",
        f"""
        select t.name || ': ' || k.conname from pg_constraint k join ({TENANT_TABLES}) t on t.oid = k.conrelid
        where k.contype = 'f'
          and ({_first_column("k.conrelid", "k.conkey[1]")} is distinct from 'tenant_id'
               or {_first_column("k.confrelid", "k.confkey[1]")} is distinct from 'tenant_id')
        """,
    ),
    Rule(
        "no foreign key leads from a tenant table into the directory, or from there to one",
        f"""
        select k.conrelid::regclass || ': ' || k.conname from pg_constraint k
        join pg_class a on a.oid = k.conrelid join pg_class b on b.oid = k.confrelid
        where k.contype = 'f' and k.connamespace in ({OUR_SCHEMAS})
          and (a.relnamespace = 'directory'::regnamespace) <> (b.relnamespace = 'directory'::regnamespace)
        """,
    ),
    Rule(
        "a foreign key never clears the tenant of what it lets go, and cascades by listing only",
        f"""
        select t.name || ': ' || k.conname from pg_constraint k join ({TENANT_TABLES}) t on t.oid = k.conrelid
        where k.contype = 'f'
          and (k.confdeltype in ('n', 'd') and (k.confdelsetcols is null or k.conkey[1] = any (k.confdelsetcols))
               or k.confupdtype in ('n', 'd', 'c'))
        """,
    ),
    Rule(
        "what belongs to an account or a membership goes with it",
        """
        select k.conrelid::regclass || ': ' || k.conname from pg_constraint k
        where k.contype = 'f' and k.confdeltype <> 'c'
          and k.confrelid in ('directory.accounts'::regclass, 'directory.memberships'::regclass,
                              'directory.sessions'::regclass)
          and not k.conrelid::regclass::text = any ($1::text[])
        """,
        {"directory.memberships": "an account that is of a tenant stays"},
    ),
    Rule(
        "every constraint holds for the rows that are there, and for all that come",
        f"select conrelid::regclass || ': ' || conname from pg_constraint"
        f" where connamespace in ({OUR_SCHEMAS}) and not convalidated",
    ),
)

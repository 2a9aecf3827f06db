"""What the roles are and what they may do."""

from tests.security.catalogue.rule import OUR_SCHEMAS, TABLES, Rule

_OURS = "('frontdesk_owner', 'frontdesk_app', 'frontdesk_relay', 'frontdesk_search')"
_SERVING = "('frontdesk_app', 'frontdesk_relay', 'frontdesk_search')"

RULES = (
    Rule(
        "no role of ours has power over the server or over row-level security",
        f"""
        select rolname || ' has power' from pg_roles
        where rolname in {_OURS}
          and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)
        """,
    ),
    Rule(
        "the search role cannot log in",
        "select rolname from pg_roles where rolname = 'frontdesk_search' and rolcanlogin",
    ),
    Rule(
        "a serving role is a member of no other",
        f"""
        select m.member::regrole || ' is a member of ' || m.roleid::regrole
        from pg_auth_members m join pg_roles r on r.oid = m.member where r.rolname in {_SERVING}
        """,
    ),
    Rule(
        "nobody but a manager of roles is a member of ours",
        f"""
        select m.member::regrole || ' is a member of ' || m.roleid::regrole
        from pg_auth_members m
        join pg_roles r on r.oid = m.roleid join pg_roles member on member.oid = m.member
        where r.rolname in {_OURS}
          and not (r.rolname = 'frontdesk_search' and member.rolname = 'frontdesk_owner')
          and not (member.rolsuper or member.rolcreaterole)
        """,
    ),
    Rule(
        "a serving role owns nothing; the search role owns functions only",
        f"""
        select d.classid::regclass || ' ' || d.objid || ' belongs to ' || d.refobjid::regrole
        from pg_shdepend d join pg_roles r on r.oid = d.refobjid
        where d.deptype = 'o' and r.rolname in {_SERVING}
          and not (r.rolname = 'frontdesk_search' and d.classid = 'pg_proc'::regclass)
        """,
    ),
    Rule(
        "a serving role creates nothing, not even temporary tables",
        f"""
        select r.rolname || ' may create in ' || n.nspname from pg_roles r, pg_namespace n
        where r.rolname in {_SERVING} and has_schema_privilege(r.oid, n.oid, 'create')
        union all
        select r.rolname || ' may ' || wanted || ' in the database'
        from pg_roles r, unnest(array['create', 'temporary']) wanted
        where r.rolname in {_SERVING} and has_database_privilege(r.oid, current_database(), wanted)
        """,
    ),
    Rule(
        "statements, locks and idle transactions of those that log in have limits",
        """
        select r.rolname || ' has no ' || wanted.name || ' of at most ' || wanted.most || ' s'
        from pg_roles r,
             (values ('statement_timeout', 5), ('lock_timeout', 2), ('idle_in_transaction_session_timeout', 5))
                wanted (name, most)
        where r.rolname in ('frontdesk_app', 'frontdesk_relay')
          and not exists (
            select from pg_db_role_setting s, unnest(s.setconfig) setting
            where s.setrole = r.oid and s.setdatabase = 0
              and setting ~ ('^' || wanted.name || '=[1-' || wanted.most || ']s$')
          )
        """,
    ),
    Rule(
        "no setting of a role loosens what it meets",
        f"""
        select s.setrole::regrole || ' has ' || setting from pg_db_role_setting s, unnest(s.setconfig) setting
        where s.setrole in (select oid from pg_roles where rolname in {_OURS})
          and setting !~ '^(statement_timeout|lock_timeout|idle_in_transaction_session_timeout)='
        """,
    ),
    Rule(
        "nothing of ours is granted to the public",
        f"""
        select 'the public may ' || lower(a.privilege_type) || ' ' || c.oid::regclass
        from pg_class c, aclexplode(c.relacl) a where a.grantee = 0 and c.relnamespace in ({OUR_SCHEMAS})
        union all
        select 'the public may ' || lower(a.privilege_type) || ' schema ' || n.nspname
        from pg_namespace n, aclexplode(n.nspacl) a where a.grantee = 0 and n.oid in ({OUR_SCHEMAS})
        union all
        select 'the public may ' || lower(a.privilege_type) || ' the database'
        from pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
        where a.grantee = 0 and d.datname = current_database()
        """,
    ),
    Rule(
        "no role but the owner has a right on a table of the directory",
        f"""
        select a.grantee::regrole || ' may ' || lower(a.privilege_type) || ' ' || t.name
        from ({TABLES}) t, aclexplode(t.relacl) a where t.schema = 'directory' and a.grantee <> t.relowner
        union all
        select a.grantee::regrole || ' may ' || lower(a.privilege_type) || ' ' || t.name || '.' || c.attname
        from ({TABLES}) t join pg_attribute c on c.attrelid = t.oid, aclexplode(c.attacl) a
        where t.schema = 'directory' and a.grantee <> t.relowner
        """,
    ),
    Rule(
        "a serving role selects, inserts, updates and deletes, and may not pass that on",
        f"""
        select a.grantee::regrole || ' may ' || lower(a.privilege_type) || ' ' || c.oid::regclass
        from pg_class c, aclexplode(c.relacl) a
        where c.relnamespace in ({OUR_SCHEMAS}) and a.grantee <> c.relowner
          and (a.is_grantable or a.privilege_type not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'USAGE'))
        """,
    ),
    Rule(
        "what has happened is only ever added to",
        """
        select r.rolname || ' may ' || wanted || ' ' || told
        from pg_roles r, unnest(array['update', 'delete', 'truncate']) wanted,
             unnest(array['events', 'audit_log', 'audit_seals', 'audit_chains']) told
        where r.rolname ~ '^frontdesk_(app|relay|search)$'
          and (has_table_privilege(r.oid, told, wanted)
               or wanted = 'update' and has_any_column_privilege(r.oid, told, wanted))
        """,
    ),
    Rule(
        "the relay has rights on envelopes only, and on the log of their numbers",
        f"""
        select 'frontdesk_relay may ' || lower(a.privilege_type) || ' ' || t.name
        from ({TABLES}) t, aclexplode(t.relacl) a
        where a.grantee = 'frontdesk_relay'::regrole and t.schema <> 'work' and not t.name = any ($1::text[])
        """,
        {
            "event_log": "ids, types and versions, which the relay numbers; it holds no content",
            "saq.saq_jobs": "ids of envelopes",
            "saq.saq_stats": "counts",
            "saq.saq_versions": "a number",
        },
    ),
    Rule(
        "the statements of others are hidden",
        f"""
        select r.rolname || ' may read ' || wanted from pg_roles r,
            unnest(array['pg_catalog.pg_stat_activity', 'pg_catalog.pg_statistic', 'pg_catalog.pg_authid']) wanted
        where r.rolname in {_OURS} and has_any_column_privilege(r.oid, wanted, 'select')
        union all
        select r.rolname || ' may call ' || wanted from pg_roles r,
            unnest(array['pg_catalog.pg_stat_get_activity(integer)',
                         'pg_catalog.pg_stat_get_backend_activity(integer)']) wanted
        where r.rolname in {_OURS} and has_function_privilege(r.oid, wanted, 'execute')
        """,
    ),
)

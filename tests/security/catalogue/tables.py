"""How a tenant's tables are closed to other tenants."""

from tests.security.catalogue.rule import OUR_SCHEMAS, TABLES, TENANT_TABLES, Rule

BOUND = "(tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS \"nullif\"))"
"""The one condition that a policy may have, as Postgres prints it."""

_POLICIES = f"""
    select t.name as table_name, p.polname as name, p.polcmd as command, p.polpermissive as permissive,
           p.polroles as roles, t.name || '.' || p.polname as full_name,
           pg_get_expr(p.polqual, p.polrelid) as sees, pg_get_expr(p.polwithcheck, p.polrelid) as leaves
    from ({TENANT_TABLES}) t join pg_policy p on p.polrelid = t.oid
"""

RULES = (
    Rule(
        "row-level security is on, and forced, on every tenant table",
        f"""
        select name || ': row-level security is ' || case when relrowsecurity then 'not forced' else 'off' end
        from ({TENANT_TABLES}) t where not (relrowsecurity and relforcerowsecurity)
        """,
    ),
    Rule(
        "a table without the tenant is on the list of those",
        f"select name || ' has no tenant_id' from ({TABLES}) t where not has_tenant and not name = any ($1::text[])",
        {
            "alembic_version": "the schema's revision; no role but the owner may read it",
            "directory.security_events": "no tenant is known when somebody is refused",
            "directory.accounts": "an account belongs to its person, who may be of several tenants",
            "directory.tenants": "a tenant's own line, found by its slug",
            "directory.reserved_slugs": "slugs that were given up, kept from others for a while",
            "directory.attempts": "counted by digests of addresses, whether they are anybody's or not",
            "directory.email_changes": "a change is found by its tokens' digests, and speaks for an account",
            "directory.known_places": "digests of addresses and networks",
            "directory.password_resets": "a reset is found by its token's digest, and speaks for an account",
            "directory.recovery_codes": "digests, of an account",
            "directory.second_factors": "of an account, which may be of several tenants",
            "saq.saq_jobs": "ids of envelopes; the application may not read it",
            "saq.saq_stats": "how many jobs each worker has run",
            "saq.saq_versions": "one line: the version of these tables",
            "work.alerts": "how processes find themselves: names of rules, numbers and times",
            "work.clock": "one line: how far the business clock is ahead",
            "work.zone_rules": "one line: by which release of tzdata the instants of visits were reckoned",
            "directory.access_changes": "ids of sessions, members and tenants that every process must forget",
            "directory.refresh_tokens": "a token is found by its digest, and carries a session on",
            "directory.tickets": "a ticket is found by its digest, and speaks for a session",
        },
    ),
    Rule(
        "a table of the directory that names a tenant is on the list of those",
        f"""
        select name || ' is open to all that may read it' from ({TABLES}) t
        where has_tenant and schema = 'directory' and not name = any ($1::text[])
        """,
        {
            "directory.invitation_tokens": "finds the tenant of a mailed token",
            "directory.registrations": "before the tenant exists",
            "directory.memberships": "finds the tenant of a person",
            "directory.api_keys": "finds the tenant of a key",
            "directory.routes": "finds the tenant of an address, a number or a key, by its digest",
            "directory.sessions": "finds the tenant of a token",
        },
    ),
    Rule(
        "tenant_id is a uuid and never null",
        f"""
        select t.name || '.tenant_id' from ({TABLES}) t join pg_attribute a on a.attrelid = t.oid
        where a.attname = 'tenant_id' and not (a.attnotnull and a.atttypid = 'uuid'::regtype)
        """,
    ),
    Rule(
        "whoever may use a command meets a policy for it",
        f"""
        select r.rolname || ' may ' || wanted.command || ' ' || t.name || ' and meets no policy'
        from ({TENANT_TABLES}) t, pg_roles r,
             (values ('select', 'r'), ('insert', 'a'), ('update', 'w'), ('delete', 'd')) wanted (command, letter)
        where r.rolname in ('frontdesk_app', 'frontdesk_relay')
          and has_table_privilege(r.oid, t.oid, wanted.command)
          and not exists (select from pg_policy p where p.polrelid = t.oid
                          and p.polcmd in ('*', wanted.letter::"char")
                          and (0 = any (p.polroles) or r.oid = any (p.polroles)))
        """,
    ),
    Rule(
        "a policy lets see and leave the bound tenant's rows, and says so",
        f"""
        select full_name || ': ' || coalesce(sees, 'none') || ' / ' || coalesce(leaves, 'none') from ({_POLICIES}) p
        where (command <> 'a' and sees is distinct from '{BOUND.replace("'", "''")}'
               or command in ('*', 'a', 'w') and leaves is distinct from '{BOUND.replace("'", "''")}')
          and not full_name || ' to ' || array_to_string(roles::regrole[], ',') = any ($1::text[])
        """,
        {
            "work.envelopes.follow_zone_rules to frontdesk_owner": "`work.follow_zone_rules` plans one kind of thing",
            "work.envelopes.see to frontdesk_relay": "the relay finds the envelopes of all tenants; no content",
            "work.jobs.see to frontdesk_relay": "the relay finds the jobs of all tenants: ids, kinds and times",
            "work.unsealed.claim to frontdesk_relay": "the sealer sees which tenants wait; ids, no content",
            "work.unsettled.see to frontdesk_relay": "which calls are in doubt: ids and states, no content",
            "work.stream.number to frontdesk_relay": "the relay numbers the events of all tenants: ids and types",
            "work.stream_heads.number to frontdesk_relay": "the last number of each tenant",
            "idempotency_keys.sweep to frontdesk_owner": "`work.sweep` removes what is older than a day",
            "jobs.sweep to frontdesk_owner": "`work.sweep` removes what ended ninety days ago",
            "work.stream_heads.tell to frontdesk_owner": "`work.heads_of` tells the numbers of exact tenants",
            "customers.search to frontdesk_search": "the functions that find customers keep to the bound tenant",
            "invoices.search to frontdesk_search": "the search function keeps to the bound tenant, and gives ids",
            "quotes.search to frontdesk_search": "the search function keeps to the bound tenant, and gives ids",
            "users.search to frontdesk_search": "the search functions keep to the bound tenant, and give ids",
            "event_log.number to frontdesk_relay": "the relay writes the log of all tenants: ids and types",
        },
    ),
    Rule(
        "one permissive policy for a table, command and role",
        f"""
        with each as (
            select p.table_name, r.rolname, letter from ({_POLICIES}) p, pg_roles r,
                 unnest(array['r', 'a', 'w', 'd']) letter
            where permissive and command in ('*', letter::"char") and r.rolname in ('frontdesk_app', 'frontdesk_relay')
              and (0 = any (p.roles) or r.oid = any (p.roles))
        )
        select table_name || ' has ' || count(*) || ' policies for ' || rolname from each
        group by table_name, rolname, letter having count(*) > 1
        """,
    ),
    Rule(
        "a view asks with its caller's rights",
        f"""
        select oid::regclass || ' asks with the rights of ' || relowner::regrole from pg_class
        where relkind = 'v' and relnamespace in ({OUR_SCHEMAS})
          and not coalesce(reloptions && array['security_invoker=true', 'security_invoker=on'], false)
        """,
    ),
    Rule(
        "no materialized view, foreign or unlogged table holds a copy",
        f"""
        select oid::regclass || ' (' || relkind::text || ', ' || relpersistence::text || ')' from pg_class
        where relnamespace in ({OUR_SCHEMAS})
          and (relkind in ('m', 'f') or relkind in ('r', 'p') and relpersistence <> 'p')
        """,
    ),
    Rule(
        "a partition is closed itself, or to the serving roles",
        f"""
        select t.name || ' may be read past its parent by ' || r.rolname from ({TABLES}) t, pg_roles r
        where t.relispartition and not (t.relrowsecurity and t.relforcerowsecurity)
          and r.rolname in ('frontdesk_app', 'frontdesk_relay')
          and has_any_column_privilege(r.oid, t.oid, 'select,insert,update')
        """,
    ),
    Rule(
        "every table belongs to the owner",
        f"select name || ' belongs to ' || relowner::regrole from ({TABLES}) t"
        " where relowner <> 'frontdesk_owner'::regrole",
    ),
    Rule(
        "no id is counted up: there is no sequence",
        f"""
        select oid::regclass::text from pg_class
        where relkind = 'S' and relnamespace in ({OUR_SCHEMAS}) and not oid::regclass::text = any ($1::text[])
        """,
        {"work.stream_id_seq": "the order of events until they are numbered; no serving role may read it"},
    ),
)

"""A tenant comes to its end: closed for a while, then all of its rows go.

Revision: 0162, after 0161.
"""

from infra.postgres.schema import BOUND_TENANT, offer_function, run

revision = "0162"
down_revision = "0161"
branch_labels = None
depends_on = None

_AS_OWNER = "security definer set search_path = pg_catalog, directory, pg_temp"
_OWNERS_TOO = ("event_log", "work.envelopes", "work.jobs", "work.stream", "work.stream_heads", "work.unsettled")
_IS_DUE = f"""
    exists (select from tenants t, work.clock c where t.id = {BOUND_TENANT} and t.deletes_at <= now() + c.ahead)
"""
_TABLES = """
    select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and not c.relispartition and n.nspname !~ '^pg_' and n.nspname {which} 'directory'
      and exists (select from pg_attribute a
                  where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)
    order by c.oid::regclass::text in ('users', 'public.users', 'tenants', 'public.tenants'), name
"""
FUNCTIONS = {
    "directory.close_tenant(timestamp with time zone, timestamp with time zone)": f"""
        create function directory.close_tenant(at timestamptz, until timestamptz) returns void
        language sql {_AS_OWNER} as $$
            update tenants t set closed_at = at, deletes_at = until where t.id = {BOUND_TENANT};
            update memberships m set suspended_at = at
            where m.tenant_id = {BOUND_TENANT} and m.role <> 'owner' and m.suspended_at is null;
        $$
    """,
    "directory.reopen_tenant()": f"""
        create function directory.reopen_tenant() returns void language sql {_AS_OWNER} as $$
            update memberships m set suspended_at = null
            from tenants t where t.id = {BOUND_TENANT} and m.tenant_id = t.id and m.suspended_at = t.closed_at;
            update tenants t set closed_at = null, deletes_at = null where t.id = {BOUND_TENANT};
        $$
    """,
    "directory.purge_tenant(integer)": f"""
        create function directory.purge_tenant(most integer) returns integer language plpgsql {_AS_OWNER} as $$
        declare
            place record;
            gone integer;
            total integer := 0;
            before integer;
        begin
            if not {_IS_DUE} then
                return -1;
            end if;
            loop
                before := total;
                for place in {_TABLES.format(which="<>")} loop
                    begin
                        execute format(
                            'delete from %1$s t where t.tenant_id = $1 and t.ctid = any (array('
                            'select ctid from %1$s where tenant_id = $1 %2$s limit $2))', place.name,
                            case when place.name = 'work.envelopes' then 'and kind <> ''tenants.purge''' else '' end)
                        using {BOUND_TENANT}, most - total;
                        get diagnostics gone = row_count;
                    exception when foreign_key_violation then
                        gone := 0;
                    end;
                    total := total + gone;
                    if total >= most then
                        return total;
                    end if;
                end loop;
                if total = before then
                    return total;
                end if;
            end loop;
        end
        $$
    """,
    "directory.forget_tenant()": f"""
        create function directory.forget_tenant() returns boolean language plpgsql {_AS_OWNER} as $$
        declare
            place record;
            gone integer;
            moved boolean := true;
            people uuid[];
        begin
            if purge_tenant(1) <> 0 then
                return false;
            end if;
            people := array(select m.account_id from memberships m where m.tenant_id = {BOUND_TENANT});
            insert into reserved_slugs (slug, freed_by, until)
            select t.slug, t.id, now() + interval '30 days' from tenants t where t.id = {BOUND_TENANT};
            while moved loop
                moved := false;
                for place in {_TABLES.format(which="=")} loop
                    begin
                        execute format('delete from %s where tenant_id = $1', place.name) using {BOUND_TENANT};
                        get diagnostics gone = row_count;
                        moved := moved or gone > 0;
                    exception when foreign_key_violation then
                        null;
                    end;
                end loop;
            end loop;
            delete from tenants t where t.id = {BOUND_TENANT};
            delete from accounts a
            where a.id = any (people) and not exists (select from memberships m where m.account_id = a.id);
            delete from work.envelopes e where e.tenant_id = {BOUND_TENANT};
            return true;
        end
        $$
    """,
}


def upgrade() -> None:
    run("alter table tenants add deletes_at timestamptz")
    for table in _OWNERS_TOO:
        run(
            f"create policy purge on {table} for all to frontdesk_owner"
            f" using (tenant_id = {BOUND_TENANT}) with check (tenant_id = {BOUND_TENANT})"
        )
    for signature, body in FUNCTIONS.items():
        run(body)
        offer_function(signature)


def downgrade() -> None:
    for signature in reversed(FUNCTIONS):
        run(f"drop function {signature}")
    for table in _OWNERS_TOO:
        run(f"drop policy purge on {table}")
    run("alter table tenants drop deletes_at")

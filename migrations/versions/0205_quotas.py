"""What a tenant uses of what its plan gives, counted as rows come and go; and limits of its own.

A count is kept in sixteen slots, by the connection that counts: rows that are added at once do not wait for one
another. Who adds one looks last in its transaction. Far below the limit it shares a lock with others; within a thousand
of it, which is more than can be under way at once, it holds that lock alone, and sees what all others have committed.

Revision: 0205, after 0190.
"""

from infra.postgres.schema import BOUND_TENANT, close_to_other_tenants, offer_function, run

revision = "0205"
down_revision = "0190"
branch_labels = None
depends_on = None

_AS_OWNER = "security definer set search_path = pg_catalog, directory, pg_temp"
_FAR = 1000
COUNTED = {
    "api_keys": ("api_keys", "1", "true"),
    "customers": ("customers", "1", "archived_at is null"),
    "jobs": ("storage_bytes", "file_bytes", "file_bytes is not null"),
    "users": ("users", "1", "erased_at is null"),
}
"""By table: the quota, what a row counts for, and which rows count."""
_ACCESS_BEFORE = "old.suspended_at is distinct from new.suspended_at or old.plan is distinct from new.plan"
_USED = f"""
                select coalesce(sum(c.used), 0) from public.usage_counters c
                where c.tenant_id = {BOUND_TENANT} and c.quota = wanted
"""
FUNCTIONS = {
    "directory.quota(text, integer, jsonb)": f"""
        create function directory.quota(wanted text, added integer, usual jsonb, out most bigint, out used bigint)
        language plpgsql {_AS_OWNER} as $$
        declare
            lock bigint := hashtextextended({BOUND_TENANT}::text || ' ' || wanted, 0);
        begin
            select (coalesce(t.limits->'quotas'->wanted, usual->t.plan)#>>'{{}}')::bigint into most
            from tenants t where t.id = {BOUND_TENANT};
            if most is null then
                return;
            end if;
            used := ({_USED});
            if added = 1 and used + {_FAR} <= most then
                perform pg_advisory_xact_lock_shared(lock);
                used := ({_USED});
                if used + {_FAR} <= most then
                    return;
                end if;
            end if;
            perform pg_advisory_xact_lock(lock);
            used := ({_USED});
        end
        $$
    """,
    "directory.limits_of(uuid)": f"""
        create function directory.limits_of(tenant uuid) returns jsonb language sql stable {_AS_OWNER} as $$
            select t.limits from tenants t where t.id = tenant
        $$
    """,
}


def upgrade() -> None:
    run("alter table directory.tenants add limits jsonb not null default '{}'")
    _announce(f"{_ACCESS_BEFORE} or old.limits is distinct from new.limits")
    run(
        """
        create table usage_counters (
            tenant_id uuid not null references tenants,
            quota text not null,
            slot smallint not null,
            used bigint not null,
            primary key (tenant_id, quota, slot)
        ) with (fillfactor = 50)
        """
    )
    close_to_other_tenants("usage_counters", app_may="select, insert, update")
    for table, (quota, amount, counts) in COUNTED.items():
        _count(table, quota, amount, counts)
    for signature, body in FUNCTIONS.items():
        run(body)
        offer_function(signature)


def downgrade() -> None:
    for signature in FUNCTIONS:
        run(f"drop function {signature}")
    for table in COUNTED:
        run(*(f"drop trigger count_{what} on {table}" for what in ("added", "changed", "gone")))
        run(f"drop function public.count_{table}()")
    run("drop table usage_counters")
    _announce(_ACCESS_BEFORE)
    run("alter table directory.tenants drop limits")


def _announce(when: str) -> None:
    run(
        "drop trigger tenant_changed on directory.tenants",
        "create trigger tenant_changed after update on directory.tenants for each row"
        f" when ({when}) execute function directory.note_access_change()",
    )


def _count(table: str, quota: str, amount: str, counts: str) -> None:
    new, old = (f"select tenant_id, {sign}{amount} as change from {rows} where {counts}" for sign, rows in _STATES)
    run(
        f"""
        create function public.count_{table}() returns trigger language plpgsql
        set search_path = pg_catalog, public, pg_temp as $$
        begin
            if tg_op = 'INSERT' then
                {_tally(quota, new)}
            elsif tg_op = 'DELETE' then
                {_tally(quota, old)}
            else
                {_tally(quota, f"{new} union all {old}")}
            end if;
            return null;
        end
        $$
        """,
        f"revoke all on function public.count_{table}() from public",
        *(
            f"create trigger count_{what} after {when} on {table} referencing {seen} for each statement"
            f" execute function public.count_{table}()"
            for what, when, seen in _TIMES
        ),
        *(f"alter table {each} no force row level security" for each in (table, "usage_counters")),
        f"insert into usage_counters (tenant_id, quota, slot, used) select tenant_id, '{quota}', 0, sum({amount})"
        f" from {table} where {counts} group by tenant_id",
        *(f"alter table {each} force row level security" for each in (table, "usage_counters")),
    )


_STATES = (("", "new_rows"), ("-", "old_rows"))
_TIMES = (
    ("added", "insert", "new table as new_rows"),
    ("changed", "update", "old table as old_rows new table as new_rows"),
    ("gone", "delete", "old table as old_rows"),
)


def _tally(quota: str, changes: str) -> str:
    return f"""
                insert into usage_counters as c (tenant_id, quota, slot, used)
                select tenant_id, '{quota}', pg_backend_pid() % 16, sum(change) from ({changes}) changes
                group by tenant_id having sum(change) <> 0
                on conflict (tenant_id, quota, slot) do update set used = c.used + excluded.used;
    """

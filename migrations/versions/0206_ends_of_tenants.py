"""How things end: a suspended tenant's sessions for good, a tenant with a letter to its owners, jobs after a while.

Revision: 0206, after 0205.
"""

from infra.postgres.roles import OWNER
from infra.postgres.schema import BOUND_TENANT, offer_function, run

revision = "0206"
down_revision = "0205"
branch_labels = None
depends_on = None

_AS_OWNER = "security definer set search_path = pg_catalog, directory, pg_temp"
_FAREWELL = "directory.farewell(jsonb)"
_SWEPT_BEFORE = {
    "public.idempotency_keys": "created_at < now() - interval '24 hours'",
    "directory.attempts": "closes_at < now()",
    "directory.known_places": "seen_at < now() - interval '90 days'",
    "directory.security_events": "occurred_at < now() - interval '180 days'",
    "directory.tickets": "expires_at < now()",
}
_OLD_JOBS = "finished_at < now() - interval '90 days' and file_name is null"
_SWEPT = {**_SWEPT_BEFORE, "public.jobs": _OLD_JOBS}


def upgrade() -> None:
    run(
        f"""
        create function directory.end_with_tenant() returns trigger language plpgsql {_AS_OWNER} as $$
        begin
            delete from sessions s where s.tenant_id = new.id;
            return null;
        end
        $$
        """,
        "revoke all on function directory.end_with_tenant() from public",
        "create trigger end_with_tenant after update on directory.tenants for each row"
        " when (old.suspended_at is null and new.suspended_at is not null)"
        " execute function directory.end_with_tenant()",
        "delete from directory.sessions s using directory.tenants t"
        " where t.id = s.tenant_id and t.suspended_at is not null",
        "alter table directory.tenants add farewell jsonb",
        f"""
        create function directory.farewell(found jsonb) returns jsonb language sql {_AS_OWNER} as $$
            update tenants t set farewell = coalesce(t.farewell, found) from work.clock c
            where t.id = {BOUND_TENANT} and t.deletes_at <= now() + c.ahead returning t.farewell
        $$
        """,
        "create index jobs_by_end on jobs (finished_at) where file_name is null",
        f"create policy sweep on jobs for all to {OWNER} using ({_OLD_JOBS})",
        _sweep(_SWEPT),
    )
    offer_function(_FAREWELL)


def downgrade() -> None:
    run(
        _sweep(_SWEPT_BEFORE),
        "drop policy sweep on jobs",
        "drop index jobs_by_end",
        f"drop function {_FAREWELL}",
        "alter table directory.tenants drop farewell",
        "drop trigger end_with_tenant on directory.tenants",
        "drop function directory.end_with_tenant()",
    )


def _sweep(swept: dict[str, str]) -> str:
    """What others hold is left for the next time: nobody waits for the sweep, and it for nobody."""
    parts = ", ".join(_one(table, past) for table, past in swept.items())
    counts = " union all ".join(f"select '{_short(table)}', count(*) from {_short(table)}" for table in swept)
    return f"""
        create or replace function work.sweep(most integer) returns table (what text, gone bigint) language sql
        security definer set search_path = pg_catalog, work, pg_temp as $$ with {parts} {counts} $$
    """


def _one(table: str, past: str) -> str:
    old = f"select ctid from {table} where {past} limit most for update skip locked"
    return f"{_short(table)} as (delete from {table} where ctid = any (array({old})) returning 1)"


def _short(table: str) -> str:
    return table.partition(".")[2]

"""What is kept for a time only is swept by the worker, a little at a time: `docs/retention.md` lists it.

Revision: 0150, after 0142.
"""

from infra.postgres.roles import APP, OWNER, RELAY
from infra.postgres.schema import offer_function, run

revision = "0150"
down_revision = "0142"
branch_labels = None
depends_on = None

_SWEEP = "work.sweep(integer)"
_PAST = {
    "public.idempotency_keys": "created_at < now() - interval '24 hours'",
    "directory.attempts": "closes_at < now()",
    "directory.known_places": "seen_at < now() - interval '90 days'",
    "directory.security_events": "occurred_at < now() - interval '180 days'",
    "directory.tickets": "expires_at < now()",
}


def upgrade() -> None:
    run(
        "drop index idempotency_keys_by_age",
        "create index idempotency_keys_by_age on idempotency_keys (created_at)",
        f"alter policy bound_tenant on idempotency_keys to {APP}",
        f"create policy sweep on idempotency_keys for all to {OWNER} using ({_PAST['public.idempotency_keys']})",
        _function(),
    )
    offer_function(_SWEEP, to=RELAY)


def downgrade() -> None:
    run(
        f"drop function {_SWEEP}",
        "drop policy sweep on idempotency_keys",
        "alter policy bound_tenant on idempotency_keys to public",
        "drop index idempotency_keys_by_age",
        "create index idempotency_keys_by_age on idempotency_keys (tenant_id, created_at)",
    )


def _function() -> str:
    """What others hold is left for the next time: nobody waits for the sweep, and it for nobody."""
    sweeps = ", ".join(_one(table, past) for table, past in _PAST.items())
    counts = " union all ".join(f"select '{_short(table)}', count(*) from {_short(table)}" for table in _PAST)
    return f"""
        create function work.sweep(most integer) returns table (what text, gone bigint) language sql
        security definer set search_path = pg_catalog, work, pg_temp as $$ with {sweeps} {counts} $$
    """


def _one(table: str, past: str) -> str:
    old = f"select ctid from {table} where {past} limit most for update skip locked"
    return f"{_short(table)} as (delete from {table} where ctid = any (array({old})) returning 1)"


def _short(table: str) -> str:
    return table.partition(".")[2]

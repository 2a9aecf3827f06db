"""What people are told of their own account, and when a user was seen last.

Revision: 0221, after 0220.
"""

from infra.postgres.schema import BOUND_TENANT, offer_function, run

revision = "0221"
down_revision = "0220"
branch_labels = None
depends_on = None

_AS_OWNER = "security definer set search_path = pg_catalog, directory, pg_temp"

FUNCTIONS = {
    "directory.account_state(uuid)": f"""
        create function directory.account_state(account uuid, out tenants jsonb, out recovery_codes integer)
        language sql stable {_AS_OWNER} as $$
            select (
                select jsonb_agg(jsonb_build_object('id', t.id, 'slug', t.slug, 'name', t.name, 'role', m.role)
                                 order by t.name, t.id)
                from memberships m join tenants t on t.id = m.tenant_id
                where m.account_id = account and m.suspended_at is null and t.suspended_at is null
            ), (
                select (select count(*)::integer from recovery_codes c where c.account_id = account)
                from second_factors f where f.account_id = account and f.confirmed_at is not null
            )
        $$
    """,
    "directory.last_seen_at(uuid)": f"""
        create function directory.last_seen_at(member uuid) returns timestamptz language sql stable {_AS_OWNER} as $$
            select greatest(m.last_used_at, (
                select max(s.last_used_at) from sessions s
                where s.account_id = m.account_id and s.tenant_id = m.tenant_id
            )) from memberships m where m.tenant_id = {BOUND_TENANT} and m.user_id = member
        $$
    """,
}


def upgrade() -> None:
    for signature, body in FUNCTIONS.items():
        run(body)
        offer_function(signature)


def downgrade() -> None:
    run(*(f"drop function {signature}" for signature in FUNCTIONS))

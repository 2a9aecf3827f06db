"""A login that was checked before its account got a second factor opens nothing after.

Whoever puts a second factor on ends the account's other sessions under the lock that opening one takes; what waited for
it looks again.

Revision: 0222, after 0221.
"""

from infra.postgres.schema import run

revision = "0222"
down_revision = "0221"
branch_labels = None
depends_on = None

_AS_OWNER = "security definer set search_path = pg_catalog, directory, pg_temp"
_HELD = "(m.suspended_at is not null or t.suspended_at is not null)"
_LOOKS_AGAIN = """
            if not coalesce((terms->>'second')::boolean, false) and exists (
                select from second_factors f where f.account_id = account and f.confirmed_at is not null) then
                account := null;
            end if;
"""


def upgrade() -> None:
    run(_open(_LOOKS_AGAIN))


def downgrade() -> None:
    run(_open(""))


def _open(condition: str) -> str:
    return f"""
        create or replace function directory.open_session(
            address text, hash text, wanted text, session uuid, refresh bytea, terms jsonb,
            out account uuid, out tenant uuid, out member uuid, out role text, out plan text, out held boolean,
            out tenants jsonb
        ) language plpgsql {_AS_OWNER} as $$
        begin
            select a.id into account from accounts a where a.email = address and a.password_hash = hash
            for no key update;
{condition}            select m.tenant_id, m.user_id, m.role, t.plan, {_HELD} into tenant, member, role, plan, held
            from memberships m join tenants t on t.id = m.tenant_id
            where m.account_id = account and (wanted is null or t.slug = wanted)
            order by {_HELD}, m.last_used_at desc, m.tenant_id limit 1;
            if tenant is not null and not held then
                tenants := start_session(account, tenant, session, refresh, terms);
            end if;
        end
        $$
    """

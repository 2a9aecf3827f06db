"""Users and tenants can be suspended, a tenant has a plan, and access says so.

Revision: 0100, after 0040.
"""

from infra.postgres.schema import offer_function, run

revision = "0100"
down_revision = "0040"
branch_labels = None
depends_on = None

_IN_DIRECTORY = "security definer set search_path = pg_catalog, directory, pg_temp"
_LIVE = """
    from sessions s
    join memberships m on m.account_id = s.account_id and m.tenant_id = s.tenant_id
    join tenants t on t.id = m.tenant_id
    where s.expires_at > now() and m.suspended_at is null and t.suspended_at is null
"""
ACCESS = "directory.access(uuid)"
STANDING = "directory.standing_of(uuid[])"


def upgrade() -> None:
    run(
        "alter table directory.memberships add suspended_at timestamptz",
        "alter table directory.tenants add suspended_at timestamptz",
        "alter table directory.tenants add plan text not null default 'free'"
        " check (plan in ('free', 'standard', 'unlimited'))",
        f"drop function {ACCESS}",
        f"""
        create function directory.access(
            session uuid, out account uuid, out tenant uuid, out member uuid, out role text, out plan text
        ) language sql stable {_IN_DIRECTORY} as $$
            select m.account_id, m.tenant_id, m.user_id, m.role, t.plan {_LIVE} and s.id = session
        $$
        """,
        f"drop function {STANDING}",
        f"""
        create function directory.standing_of(wanted uuid[]) returns table (session uuid, role text)
        language sql stable {_IN_DIRECTORY} as $$
            select s.id, m.role {_LIVE} and s.id = any (wanted)
        $$
        """,
    )
    offer_function(ACCESS)
    offer_function(STANDING)


def downgrade() -> None:
    _restore_functions()
    run(
        "alter table directory.tenants drop plan",
        "alter table directory.tenants drop suspended_at",
        "alter table directory.memberships drop suspended_at",
    )


def _restore_functions() -> None:
    live = """
        from sessions s join memberships m on m.account_id = s.account_id and m.tenant_id = s.tenant_id
        where s.expires_at > now()
    """
    run(
        f"drop function {ACCESS}",
        f"drop function {STANDING}",
        f"""
        create function directory.access(
            session uuid, out account uuid, out tenant uuid, out member uuid, out role text
        ) language sql stable {_IN_DIRECTORY} as $$
            select m.account_id, m.tenant_id, m.user_id, m.role {live} and s.id = session
        $$
        """,
        f"""
        create function directory.standing_of(wanted uuid[]) returns table (session uuid, role text)
        language sql stable {_IN_DIRECTORY} as $$
            select s.id, m.role {live} and s.id = any (wanted)
        $$
        """,
    )
    offer_function(ACCESS)
    offer_function(STANDING)

"""A letter to who joins a tenant names it as its people do, not by its slug.

Revision: 0207, after 0206.
"""

from infra.postgres.schema import run

revision = "0207"
down_revision = "0206"
branch_labels = None
depends_on = None

_AS_OWNER = "security definer set search_path = pg_catalog, directory, pg_temp"
_JOINED = "(select t.name from tenants t where t.id = directory.admits(r.email, r.joins_slug))"


def upgrade() -> None:
    run(_issuing(f"coalesce({_JOINED}, r.tenant_name)"))


def downgrade() -> None:
    run(_issuing("r.tenant_name"))


def _issuing(business: str) -> str:
    return f"""
        create or replace function directory.issue_code(
            registration uuid, digest bytea, expires_at timestamptz,
            out address text, out business text, out person text, out known boolean
        ) language sql {_AS_OWNER} as $$
            update registrations r
            set code_digest = case when taken.known then null else digest end, code_expires_at = expires_at, tries = 0
            from (select exists (select from accounts a join registrations m on m.email = a.email
                                 where m.id = registration) as known) taken
            where r.id = registration
            returning r.email, {business}, r.display_name, taken.known
        $$
    """

"""The door through which customers come: a business by its slug, while it is open.

Revision: 0301, after 0300.
"""

from infra.postgres.schema import offer_function, run

revision = "0301"
down_revision = "0300"
branch_labels = None
depends_on = None

_AS_OWNER = "security definer set search_path = pg_catalog, directory, pg_temp"


def upgrade() -> None:
    run(
        f"""
        create function directory.open_tenant(wanted text, out tenant uuid) language sql stable {_AS_OWNER} as $$
            select t.id from tenants t
            where t.slug = wanted and t.suspended_at is null and t.deletes_at is null
        $$
        """
    )
    offer_function("directory.open_tenant(text)")


def downgrade() -> None:
    run("drop function directory.open_tenant(text)")

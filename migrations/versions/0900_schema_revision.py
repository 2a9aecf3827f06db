"""Processes that serve may ask at which revision the schema is.

Revision: 0900, after 0882.
"""

from infra.postgres.schema import offer_function, run

revision = "0900"
down_revision = "0882"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        """
        create function directory.schema_revision() returns text language sql stable
        security definer set search_path = pg_catalog, directory, pg_temp as $$
            select version_num::text from public.alembic_version
        $$
        """
    )
    offer_function("directory.schema_revision()")


def downgrade() -> None:
    run("drop function directory.schema_revision()")

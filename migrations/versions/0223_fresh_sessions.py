"""Whether somebody has just signed in: for a while that is proof enough of who they are.

A session that was switched to was not signed in with.

Revision: 0223, after 0222.
"""

from infra.postgres.schema import offer_function, run

revision = "0223"
down_revision = "0222"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        """
        create function directory.is_fresh(session uuid, within interval) returns boolean
        language sql stable security definer set search_path = pg_catalog, directory, pg_temp as $$
            select exists (
                select from sessions s where s.id = session and not s.is_switched and s.created_at > now() - within
            )
        $$
        """
    )
    offer_function("directory.is_fresh(uuid, interval)")


def downgrade() -> None:
    run("drop function directory.is_fresh(uuid, interval)")

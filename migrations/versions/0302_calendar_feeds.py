"""Private feeds of calendars. The token follows from the row and the installation's secret, and is not stored.

Revision: 0302, after 0301.
"""

from infra.postgres.schema import close_to_other_tenants, run

revision = "0302"
down_revision = "0301"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        """
        create table calendar_feeds (
            tenant_id uuid not null references tenants,
            user_id uuid not null,
            generation uuid not null,
            created_at timestamptz not null,
            primary key (tenant_id, user_id)
        )
        """
    )
    close_to_other_tenants("calendar_feeds", app_may="select, insert, update, delete")


def downgrade() -> None:
    run("drop table calendar_feeds")

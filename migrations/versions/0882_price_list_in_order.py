"""The price list without what is archived, read in order from an index.

Revision: 0882, after 0881.
"""

from infra.postgres.schema import run

revision = "0882"
down_revision = "0881"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("create index price_items_listed on price_items (tenant_id, sort_name, id) where archived_at is null")


def downgrade() -> None:
    run("drop index price_items_listed")

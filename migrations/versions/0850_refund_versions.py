"""Refunds have their changes counted.

Revision: 0850, after 0822.
"""

from infra.postgres.schema import run

revision = "0850"
down_revision = "0822"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("alter table refunds add version integer not null default 1")


def downgrade() -> None:
    run("alter table refunds drop version")

"""Where a place on the waiting list was asked for, and the place of the same customer that it repeats.

Revision: 0810, after 0800.
"""

from infra.postgres.schema import run

revision = "0810"
down_revision = "0800"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        "alter table waiting_list add visitor bytea, add repeats uuid",
        "create index waiting_list_repeated on waiting_list (tenant_id, repeats) where repeats is not null",
    )


def downgrade() -> None:
    run(
        "delete from waiting_list where repeats is not null",
        "alter table waiting_list drop visitor, drop repeats",
    )

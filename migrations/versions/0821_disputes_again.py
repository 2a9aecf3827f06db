"""Disputes that are opened again, and what the invoice lost by each.

What was lost before is unknown of those that are there: of such a one that is won after all, nothing is applied.

Revision: 0821, after 0820.
"""

from infra.postgres.schema import run

revision = "0821"
down_revision = "0820"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        "alter table disputes add taken_back bigint not null default 0, add turn integer not null default 0,"
        " add told_at timestamptz",
        "alter table disputes add constraint taken_back"
        " check (taken_back >= 0 and taken_back <= amount and turn >= 0) not valid",
        "alter table disputes validate constraint taken_back",
    )


def downgrade() -> None:
    run("alter table disputes drop taken_back, drop turn, drop told_at")

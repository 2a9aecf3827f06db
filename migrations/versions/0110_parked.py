"""What was put aside for an operator is found without looking through all that waits.

Revision: 0110, after 0105.
"""

from infra.postgres.schema import run

revision = "0110"
down_revision = "0105"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("create index envelopes_parked on work.envelopes (parked_at, id) where parked_at is not null")


def downgrade() -> None:
    run("drop index work.envelopes_parked")

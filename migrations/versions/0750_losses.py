"""What disputes take beyond what is left of a payment. Entries of it stay where this is undone.

Revision: 0750, after 0730.
"""

from infra.postgres.schema import run

revision = "0750"
down_revision = "0730"
branch_labels = None
depends_on = None

_OTHERS = "'cash', 'disputed', 'fees', 'receivable', 'revenue', 'stripe', 'tax', 'unapplied'"
_DROP = "alter table ledger_postings drop constraint account"


def upgrade() -> None:
    run(
        "alter table payments add overdrawn_amount bigint not null default 0"
        " constraint overdrawn check (overdrawn_amount >= 0)",
        _DROP,
        f"alter table ledger_postings add constraint account check (account in ({_OTHERS}, 'losses')) not valid",
        "alter table ledger_postings validate constraint account",
    )


def downgrade() -> None:
    run(
        "alter table payments drop overdrawn_amount",
        _DROP,
        f"alter table ledger_postings add constraint account check (account in ({_OTHERS})) not valid",
    )

"""What the provider exchanges into the currency of its balance, in the ledger. Entries of it stay where this is undone.

Revision: 0880, after 0861.
"""

from infra.postgres.schema import run

revision = "0880"
down_revision = "0861"
branch_labels = None
depends_on = None

_OTHERS = "'cash', 'disputed', 'fees', 'losses', 'receivable', 'revenue', 'stripe', 'tax', 'unapplied', 'bank'"
_DROP = "alter table ledger_postings drop constraint account"


def upgrade() -> None:
    run(
        _DROP,
        f"alter table ledger_postings add constraint account check (account in ({_OTHERS}, 'exchange')) not valid",
        "alter table ledger_postings validate constraint account",
    )


def downgrade() -> None:
    run(_DROP, f"alter table ledger_postings add constraint account check (account in ({_OTHERS})) not valid")

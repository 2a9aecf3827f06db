"""What the provider pays out, in the ledger: of no invoice. Entries of it stay where this is undone.

Revision: 0822, after 0821.
"""

from infra.postgres.schema import run

revision = "0822"
down_revision = "0821"
branch_labels = None
depends_on = None

_OTHERS = "'cash', 'disputed', 'fees', 'losses', 'receivable', 'revenue', 'stripe', 'tax', 'unapplied'"
_DROP = "alter table ledger_postings drop constraint account"


def upgrade() -> None:
    run(
        "alter table ledger_entries alter invoice_id drop not null",
        "alter table payment_reconciliations add balances jsonb not null default '[]'",
        _DROP,
        f"alter table ledger_postings add constraint account check (account in ({_OTHERS}, 'bank')) not valid",
        "alter table ledger_postings validate constraint account",
    )


def downgrade() -> None:
    run(
        "alter table payment_reconciliations drop balances",
        _DROP,
        f"alter table ledger_postings add constraint account check (account in ({_OTHERS})) not valid",
    )

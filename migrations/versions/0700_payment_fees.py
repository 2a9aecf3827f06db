"""What the provider of card payments keeps for itself, in the ledger. Entries of it stay where this is undone.

Revision: 0700, after 0660.
"""

from infra.postgres.schema import run

revision = "0700"
down_revision = "0660"
branch_labels = None
depends_on = None

_OTHERS = "'cash', 'disputed', 'receivable', 'revenue', 'stripe', 'tax', 'unapplied'"
_DROP = "alter table ledger_postings drop constraint account"


def upgrade() -> None:
    run(
        _DROP,
        f"alter table ledger_postings add constraint account check (account in ('fees', {_OTHERS})) not valid",
        "create index payments_by_charge on payments (tenant_id, charge_id)",
    )


def downgrade() -> None:
    run(
        "drop index payments_by_charge",
        _DROP,
        f"alter table ledger_postings add constraint account check (account in ({_OTHERS})) not valid",
    )

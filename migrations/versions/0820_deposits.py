"""Deposits: what of a quote or an invoice is asked for first.

Revision: 0820, after 0810.
"""

from infra.postgres.schema import run

revision = "0820"
down_revision = "0810"
branch_labels = None
depends_on = None


def _of_documents(table: str) -> list[str]:
    return [
        f"alter table {table} add deposit jsonb, add deposit_amount bigint not null default 0",
        f"alter table {table} add constraint deposit check (deposit_amount >= 0 and deposit_amount <= total) not valid",
        f"alter table {table} validate constraint deposit",
    ]


def upgrade() -> None:
    run(
        *_of_documents("quotes"),
        *_of_documents("invoices"),
        """
        alter table invoices add deposit_due_date date, add deposit_due bigint not null default 0,
            add deposit_paid_at timestamptz, add deposit_overdue boolean not null default false
        """,
        """
        alter table invoices
            add constraint deposit_due
                check (deposit_due = least(amount_due, greatest(deposit_amount - amount_paid, 0))) not valid,
            add constraint deposit_overdue
                check (not deposit_overdue or (status = 'overdue' and deposit_due > 0)) not valid
        """,
        "alter table invoices validate constraint deposit_due, validate constraint deposit_overdue",
        "create index invoices_by_deposit on invoices (tenant_id, deposit_due_date) where deposit_due > 0",
    )


def downgrade() -> None:
    run(
        """
        alter table invoices drop deposit_due_date, drop deposit_due, drop deposit_paid_at, drop deposit_overdue,
            drop deposit, drop deposit_amount
        """,
        "alter table quotes drop deposit, drop deposit_amount",
    )

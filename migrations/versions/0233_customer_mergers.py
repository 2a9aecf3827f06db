"""What a customer has from those who were merged into it; customers can be deleted.

Revision: 0233, after 0232.
"""

from infra.postgres.roles import APP
from infra.postgres.schema import close_to_other_tenants, run

revision = "0233"
down_revision = "0232"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        """
        create table customer_mergers (
            tenant_id uuid not null,
            customer_id uuid not null,
            into_id uuid not null,
            merged_at timestamptz not null,
            contribution jsonb not null,
            primary key (tenant_id, customer_id),
            foreign key (tenant_id, customer_id) references customers,
            foreign key (tenant_id, into_id) references customers
        )
        """,
        "create index customer_mergers_by_survivor on customer_mergers (tenant_id, into_id)",
        f"grant delete on customers, customer_notes, customer_timeline to {APP}",
    )
    close_to_other_tenants("customer_mergers", app_may="select, insert, update, delete")


def downgrade() -> None:
    run(
        "drop table customer_mergers",
        f"revoke delete on customers, customer_notes, customer_timeline from {APP}",
    )

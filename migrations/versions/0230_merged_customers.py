"""Customers who were merged into others, or erased.

Merging rewrites nothing: `merged_into` names the customer that stands for this one now.

Revision: 0230, after 0223.
"""

from infra.postgres.schema import run

revision = "0230"
down_revision = "0223"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        "alter table customers add merged_into uuid, add erased_at timestamptz,"
        " add constraint customers_merged_into_fkey foreign key (tenant_id, merged_into) references customers,"
        " add constraint not_into_itself check (merged_into <> id)",
        "create index customers_by_merger on customers (tenant_id, merged_into) where merged_into is not null",
    )


def downgrade() -> None:
    run("drop index customers_by_merger", "alter table customers drop merged_into, drop erased_at")

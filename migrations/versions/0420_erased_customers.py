"""Whether a customer is erased is seen from an index of the erased.

Each entry of a timeline asks it; without this the planner reads all of the tenant's customers in the order of names.

Revision: 0420, after 0410.
"""

from infra.postgres.schema import run

revision = "0420"
down_revision = "0410"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("create index customers_erased on customers (tenant_id, id) where erased_at is not null")


def downgrade() -> None:
    run("drop index customers_erased")

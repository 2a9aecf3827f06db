"""Lists of documents and payments by status, and of payments by method, read in order from an index.

Revision: 0881, after 0880.
"""

from infra.postgres.schema import run

revision = "0881"
down_revision = "0880"
branch_labels = None
depends_on = None

_LISTS = (("quotes", "status"), ("invoices", "status"), ("payments", "status"), ("payments", "method"))


def upgrade() -> None:
    run(
        *(
            f"create index {table}_by_{column} on {table} (tenant_id, {column}, created_at desc, id desc)"
            for table, column in _LISTS
        )
    )


def downgrade() -> None:
    run(*(f"drop index {table}_by_{column}" for table, column in _LISTS))

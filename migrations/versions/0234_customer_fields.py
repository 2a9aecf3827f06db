"""Custom fields: what a business calls its own details of customers, and which values they take.

Revision: 0234, after 0233.
"""

from infra.postgres.schema import close_to_other_tenants, run

revision = "0234"
down_revision = "0233"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        """
        create table customer_fields (
            tenant_id uuid not null references tenants,
            id uuid not null,
            key text not null,
            label text not null,
            type text not null check (type in ('boolean', 'choice', 'date', 'number', 'text')),
            choices text[] not null,
            version integer not null default 1,
            created_at timestamptz not null,
            updated_at timestamptz not null,
            primary key (tenant_id, id),
            unique (tenant_id, key)
        )
        """,
    )
    close_to_other_tenants("customer_fields", app_may="select, insert, update, delete")


def downgrade() -> None:
    run("drop table customer_fields")

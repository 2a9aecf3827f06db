"""Customers: whom the business serves.

Revision: 0006, after 0005.
"""

from infra.postgres.schema import close_to_other_tenants, run

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        """
        create table customers (
            tenant_id uuid not null references tenants,
            id uuid not null,
            name text,
            company text,
            emails text[] not null,
            phones text[] not null,
            addresses jsonb not null,
            tags text[] not null,
            notes text,
            preferred_language text,
            source text,
            custom jsonb not null,
            archived_at timestamptz,
            version integer not null default 1,
            created_at timestamptz not null,
            updated_at timestamptz not null,
            sort_name text not null generated always as (lower(coalesce(name, company))) stored,
            primary key (tenant_id, id),
            check (coalesce(name, company) is not null)
        )
        """,
        "create index customers_by_creation on customers (tenant_id, created_at desc, id desc)",
        "create index customers_by_name on customers (tenant_id, sort_name, id)",
    )
    close_to_other_tenants("customers", app_may="select, insert, update")


def downgrade() -> None:
    run("drop table customers")

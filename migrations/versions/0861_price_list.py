"""The price list: what documents take their items from.

Revision: 0861, after 0860.
"""

from infra.postgres.schema import close_to_other_tenants, run

revision = "0861"
down_revision = "0860"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        """
        create table price_items (
            tenant_id uuid not null references tenants,
            id uuid not null,
            name text not null,
            unit_price bigint not null constraint unit_price check (unit_price >= 0),
            currency text not null,
            unit text,
            taxes jsonb,
            sku text,
            archived_at timestamptz,
            sort_name text not null generated always as (lower(name)) stored,
            version integer not null default 1,
            created_at timestamptz not null,
            updated_at timestamptz not null,
            primary key (tenant_id, id)
        )
        """,
        "create index price_items_by_name on price_items (tenant_id, sort_name, id)",
        "create unique index price_items_by_sku on price_items (tenant_id, sku) where archived_at is null",
    )
    close_to_other_tenants("price_items", app_may="select, insert, update")


def downgrade() -> None:
    run("drop table price_items")

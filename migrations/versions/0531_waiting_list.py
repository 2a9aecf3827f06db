"""The waiting list of a business.

Revision: 0531, after 0530.
"""

from infra.postgres.schema import close_to_other_tenants, run

revision = "0531"
down_revision = "0530"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        """
        create table waiting_list (
            tenant_id uuid not null,
            id uuid not null,
            customer_id uuid not null,
            service_id uuid not null,
            staff_id uuid,
            from_at timestamptz not null,
            until_at timestamptz not null,
            contact jsonb,
            status text not null
                check (status = any (array['waiting', 'offered', 'booked', 'left', 'expired'])),
            hold_id uuid,
            offered_at timestamptz,
            offered_until timestamptz,
            passed timestamptz[] not null,
            visit_id uuid,
            version integer not null default 1,
            created_at timestamptz not null,
            updated_at timestamptz not null,
            primary key (tenant_id, id),
            foreign key (tenant_id, customer_id) references customers,
            foreign key (tenant_id, service_id) references services,
            constraint times check (from_at < until_at)
        )
        """,
        "create index waiting_list_by_creation on waiting_list (tenant_id, created_at, id)",
        "create index waiting_list_by_customer on waiting_list (tenant_id, customer_id, created_at, id)",
        "create index waiting_list_open on waiting_list (tenant_id, from_at) where status in ('waiting', 'offered')",
    )
    close_to_other_tenants("waiting_list", app_may="select, insert, update, delete")


def downgrade() -> None:
    run("drop table waiting_list")

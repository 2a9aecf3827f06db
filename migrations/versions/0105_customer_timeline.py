"""What an event follows; notes about customers, and their timelines.

Revision: 0105, after 0100.
"""

from infra.postgres.schema import close_to_other_tenants, run

revision = "0105"
down_revision = "0100"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        "alter table events add causation_id uuid",
        """
        create table customer_notes (
            tenant_id uuid not null,
            id uuid not null,
            customer_id uuid not null,
            author_id uuid not null,
            text text not null,
            version integer not null default 1,
            created_at timestamptz not null,
            updated_at timestamptz not null,
            primary key (tenant_id, id),
            foreign key (tenant_id, customer_id) references customers
        )
        """,
        """
        create table customer_timeline (
            tenant_id uuid not null,
            customer_id uuid not null,
            id uuid not null,
            kind text not null,
            subject_id uuid not null,
            actor_id uuid,
            occurred_at timestamptz not null,
            primary key (tenant_id, customer_id, id),
            foreign key (tenant_id, customer_id) references customers
        )
        """,
        "create index customer_timeline_by_time on customer_timeline"
        " (tenant_id, customer_id, occurred_at desc, id desc)",
    )
    close_to_other_tenants("customer_notes", app_may="select, insert")
    close_to_other_tenants("customer_timeline", app_may="select, insert")


def downgrade() -> None:
    run("drop table customer_timeline", "drop table customer_notes", "alter table events drop causation_id")

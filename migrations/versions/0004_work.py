"""What has happened (`events`, the tenant's), and the envelopes by which it is handed on (`work.outbox`, no content).

Revision: 0004, after 0003.
"""

from infra.postgres.schema import BOUND_TENANT, close_to_other_tenants, run

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        """
        create table events (
            tenant_id uuid not null,
            id uuid not null,
            type text not null,
            version integer not null,
            subject_id uuid not null,
            subject_version integer not null,
            actor_id uuid,
            correlation_id text,
            occurred_at timestamptz not null,
            data jsonb not null,
            primary key (tenant_id, id)
        )
        """,
        """
        create table work.outbox (
            tenant_id uuid not null,
            id uuid not null,
            event_id uuid not null,
            subscriber text not null,
            due_at timestamptz not null default now(),
            attempts integer not null default 0,
            parked_at timestamptz,
            primary key (tenant_id, id)
        )
        """,
        "create index outbox_due on work.outbox (due_at, id) where parked_at is null",
        "alter table work.outbox enable row level security",
        "alter table work.outbox force row level security",
        f"create policy put_in on work.outbox for insert to frontdesk_app with check (tenant_id = {BOUND_TENANT})",
        "create policy claim on work.outbox for all to frontdesk_relay using (true) with check (true)",
        "grant insert on work.outbox to frontdesk_app",
        "grant select, update, delete on work.outbox to frontdesk_relay",
    )
    close_to_other_tenants("events", app_may="select, insert")


def downgrade() -> None:
    run("drop table work.outbox", "drop table events")

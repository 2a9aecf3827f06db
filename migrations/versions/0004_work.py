"""What has happened (`events`, the tenant's); what has to follow (`work.envelopes`, no content); the business clock.

Revision: 0004, after 0003.
"""

from infra.postgres.roles import APP
from infra.postgres.schema import close_to_other_tenants, run

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
        create table work.envelopes (
            tenant_id uuid not null,
            id uuid not null,
            kind text not null,
            subject_id uuid not null,
            due_at timestamptz not null,
            retry_at timestamptz not null default '-infinity',
            attempts integer not null default 0,
            parked_at timestamptz,
            primary key (tenant_id, id)
        )
        """,
        "create index envelopes_due on work.envelopes (due_at, id) where parked_at is null",
        "create index envelopes_of_tenant on work.envelopes (tenant_id, due_at, id) where parked_at is null",
        "grant select on work.envelopes to frontdesk_relay",
        "create policy see on work.envelopes for select to frontdesk_relay using (true)",
        """
        create table work.clock (
            is_one boolean primary key default true check (is_one),
            ahead interval not null default '0',
            reached interval not null default '0'
        )
        """,
        "insert into work.clock default values",
        "grant select, update (ahead) on work.clock to frontdesk_app",
        "grant select, update (reached) on work.clock to frontdesk_relay",
    )
    close_to_other_tenants("events", app_may="select, insert")
    close_to_other_tenants("work.envelopes", app_may="select, insert, update, delete", whom=APP)


def downgrade() -> None:
    run("drop table work.clock", "drop table work.envelopes", "drop table events")

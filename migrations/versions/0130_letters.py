"""Letters, and what vendors were asked whose outcome is in doubt (`work.unsettled`: ids, states and times).

Revision: 0130, after 0121.
"""

from infra.postgres.roles import APP
from infra.postgres.schema import close_to_other_tenants, run

revision = "0130"
down_revision = "0121"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        """
        create table letters (
            tenant_id uuid not null,
            id uuid not null,
            recipient text not null,
            template text not null,
            language text not null,
            timezone text not null,
            words jsonb,
            may_repeat boolean not null,
            state text not null default 'pending'
                check (state in ('pending', 'calling', 'done', 'failed', 'unknown')),
            attempt integer not null default 0,
            tries integer not null default 0,
            told text,
            prepared_at timestamptz not null,
            settled_at timestamptz,
            primary key (tenant_id, id)
        )
        """,
        """
        create table work.unsettled (
            tenant_id uuid not null,
            id uuid not null,
            vendor text not null,
            state text not null check (state in ('unknown', 'failed')),
            since timestamptz not null default now(),
            primary key (tenant_id, id)
        )
        """,
        "grant select on work.unsettled to frontdesk_relay",
        "create policy see on work.unsettled for select to frontdesk_relay using (true)",
    )
    close_to_other_tenants("letters", app_may="select, insert, update, delete")
    close_to_other_tenants("work.unsettled", app_may="select, insert, update, delete", whom=APP)


def downgrade() -> None:
    run("drop table work.unsettled", "drop table letters")

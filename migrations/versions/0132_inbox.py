"""The inbox of webhooks.

Revision: 0132, after 0131.
"""

from infra.postgres.schema import close_to_other_tenants, run

revision = "0132"
down_revision = "0131"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        """
        create table inbox (
            tenant_id uuid not null,
            id uuid not null,
            integration_id uuid not null,
            provider text not null,
            event_id text not null,
            body bytea not null,
            state text not null default 'received' check (state in ('received', 'waiting', 'applied', 'stranded')),
            waits_for text,
            tries integer not null default 0,
            received_at timestamptz not null,
            applied_at timestamptz,
            primary key (tenant_id, id),
            unique (tenant_id, integration_id, event_id)
        )
        """,
        "create index inbox_waiting on inbox (tenant_id, waits_for) where state in ('waiting', 'stranded')",
    )
    close_to_other_tenants("inbox", app_may="select, insert, update, delete")


def downgrade() -> None:
    run("drop table inbox")

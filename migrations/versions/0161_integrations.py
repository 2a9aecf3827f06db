"""A tenant's connections to vendors, their secrets locked.

Revision: 0161, after 0160.
"""

from infra.postgres.schema import close_to_other_tenants, run

revision = "0161"
down_revision = "0160"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        """
        create table tenant_integrations (
            tenant_id uuid not null references tenants,
            provider text not null,
            enabled boolean not null,
            settings jsonb not null,
            secrets bytea not null,
            locked_with text not null,
            check_status text check (check_status in ('working', 'failed', 'unverified')),
            check_detail text,
            checked_at timestamptz,
            version integer not null default 1,
            created_at timestamptz not null,
            updated_at timestamptz not null,
            primary key (tenant_id, provider)
        )
        """,
    )
    close_to_other_tenants("tenant_integrations", app_may="select, insert, update, delete")


def downgrade() -> None:
    run("drop table tenant_integrations")

"""What requests with an `Idempotency-Key` came to, for 24 hours.

Revision: 0007, after 0006.
"""

from infra.postgres.schema import close_to_other_tenants, run

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        """
        create table idempotency_keys (
            tenant_id uuid not null,
            caller_id uuid not null,
            operation text not null,
            key text not null,
            fingerprint bytea not null,
            result jsonb not null,
            created_at timestamptz not null default now(),
            primary key (tenant_id, caller_id, operation, key)
        )
        """,
        "create index idempotency_keys_by_age on idempotency_keys (tenant_id, created_at)",
    )
    close_to_other_tenants("idempotency_keys", app_may="select, insert, update, delete")


def downgrade() -> None:
    run("drop table idempotency_keys")

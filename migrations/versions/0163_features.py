"""What a tenant has switched on, and who has met which variant.

Revision: 0163, after 0162.
"""

from infra.postgres.schema import close_to_other_tenants, run

revision = "0163"
down_revision = "0162"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        """
        create table tenant_features (
            tenant_id uuid primary key references tenants,
            flags jsonb not null,
            version integer not null default 1,
            updated_at timestamptz not null
        )
        """,
        """
        create table feature_exposures (
            tenant_id uuid not null references tenants,
            feature text not null,
            user_id uuid not null,
            variant text not null,
            first_seen_at timestamptz not null,
            primary key (tenant_id, feature, user_id, variant)
        )
        """,
    )
    close_to_other_tenants("tenant_features", app_may="select, insert, update")
    close_to_other_tenants("feature_exposures", app_may="select, insert")


def downgrade() -> None:
    run("drop table feature_exposures", "drop table tenant_features")

"""How often a tenant's people and programs called the API, by the quarter of an hour.

A quarter of an hour is a part of every zone's days.

Revision: 0501, after 0500.
"""

from infra.postgres.schema import close_to_other_tenants, run

revision = "0501"
down_revision = "0500"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        """
        create table api_calls (
            tenant_id uuid not null references tenants,
            since timestamptz not null,
            calls bigint not null,
            by_keys bigint not null,
            refused bigint not null,
            failed bigint not null,
            primary key (tenant_id, since),
            constraint parts check (
                by_keys >= 0 and by_keys <= calls and refused >= 0 and failed >= 0 and refused + failed <= calls
            )
        ) with (fillfactor = 50)
        """
    )
    close_to_other_tenants("api_calls", app_may="select, insert, update, delete")


def downgrade() -> None:
    run("drop table api_calls")

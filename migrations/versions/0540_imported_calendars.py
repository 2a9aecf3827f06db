"""Calendars that people keep elsewhere: their addresses, encrypted, and the times at which they are busy there.

Revision: 0540, after 0531.
"""

from infra.postgres.schema import close_to_other_tenants, run

revision = "0540"
down_revision = "0531"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        """
        create table imported_calendars (
            tenant_id uuid not null references tenants,
            id uuid not null,
            user_id uuid not null,
            url bytea not null,
            locked_with text not null,
            etag text,
            modified text,
            fetch_at timestamptz not null,
            fetched_at timestamptz,
            read_at timestamptz,
            failures integer not null,
            last_error text,
            version integer not null default 1,
            created_at timestamptz not null,
            updated_at timestamptz not null,
            primary key (tenant_id, id),
            constraint failures check (failures >= 0)
        )
        """,
        "create index imported_calendars_by_user on imported_calendars (tenant_id, user_id, created_at, id)",
        """
        create table busy_times (
            tenant_id uuid not null,
            calendar_id uuid not null,
            starts_at timestamptz not null,
            ends_at timestamptz not null,
            user_id uuid not null,
            primary key (tenant_id, calendar_id, starts_at),
            foreign key (tenant_id, calendar_id) references imported_calendars on delete cascade,
            constraint times check (starts_at < ends_at and ends_at - starts_at <= interval '7 days')
        )
        """,
        "create index busy_times_by_user on busy_times (tenant_id, user_id, starts_at)",
    )
    close_to_other_tenants("imported_calendars", app_may="select, insert, update, delete")
    close_to_other_tenants("busy_times", app_may="select, insert, delete")


def downgrade() -> None:
    run("drop table busy_times", "drop table imported_calendars")

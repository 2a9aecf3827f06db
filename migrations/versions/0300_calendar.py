"""The calendar: services, resources, people's schedules, the policy of booking, visits, and what they block.

Whoever serves a visit is blocked by one row of `occupancies`, buffers counted: no two of one holder meet.

Revision: 0300, after 0245.
"""

from infra.postgres.schema import close_to_other_tenants, run

revision = "0300"
down_revision = "0245"
branch_labels = None
depends_on = None

_OF_A_RECORD = """
            version integer not null default 1,
            created_at timestamptz not null,
            updated_at timestamptz not null
"""
_CATALOGUE = (
    f"""
        create table services (
            tenant_id uuid not null references tenants,
            id uuid not null,
            name text not null,
            description text,
            duration_minutes integer not null check (duration_minutes > 0),
            buffer_before integer not null check (buffer_before >= 0),
            buffer_after integer not null check (buffer_after >= 0),
            price bigint not null check (price >= 0),
            currency text not null,
            staff_ids uuid[] not null,
            resource_kinds text[] not null,
            bookable_online boolean not null,
            archived_at timestamptz,
            sort_name text not null generated always as (lower(name)) stored,
            {_OF_A_RECORD},
            primary key (tenant_id, id)
        )
    """,
    "create index services_by_name on services (tenant_id, sort_name, id)",
    f"""
        create table bookable_resources (
            tenant_id uuid not null references tenants,
            id uuid not null,
            name text not null,
            kind text not null,
            archived_at timestamptz,
            sort_name text not null generated always as (lower(name)) stored,
            {_OF_A_RECORD},
            primary key (tenant_id, id)
        )
    """,
    "create index bookable_resources_by_name on bookable_resources (tenant_id, sort_name, id)",
    "create index bookable_resources_by_kind on bookable_resources (tenant_id, kind, id) where archived_at is null",
)
_TIMES = (
    f"""
        create table staff_schedules (
            tenant_id uuid not null references tenants,
            user_id uuid not null,
            hours jsonb,
            exceptions jsonb not null default '[]',
            time_off jsonb not null default '[]',
            {_OF_A_RECORD},
            primary key (tenant_id, user_id)
        )
    """,
    f"""
        create table booking_policies (
            tenant_id uuid primary key references tenants,
            notice_minutes integer not null check (notice_minutes >= 0),
            horizon_days integer not null check (horizon_days > 0),
            step_minutes integer not null check (step_minutes > 0),
            change_notice_minutes integer not null check (change_notice_minutes >= 0),
            reminder_minutes integer[] not null,
            {_OF_A_RECORD}
        )
    """,
)
_VISITS = (
    f"""
        create table appointments (
            tenant_id uuid not null,
            id uuid not null,
            customer_id uuid not null,
            staff_id uuid,
            service_id uuid,
            starts_at timestamptz not null,
            ends_at timestamptz not null,
            blocked_from timestamptz not null,
            blocked_until timestamptz not null,
            timezone text not null,
            starts_local timestamp not null,
            status text not null
                check (status = any (array['scheduled', 'confirmed', 'completed', 'cancelled', 'no_show'])),
            title text not null,
            location text,
            notes text,
            series_id uuid,
            resource_ids uuid[] not null,
            cancel_reason text,
            reminder_minutes integer[] not null,
            reminded_at timestamptz,
            {_OF_A_RECORD},
            primary key (tenant_id, id),
            foreign key (tenant_id, customer_id) references customers,
            foreign key (tenant_id, service_id) references services,
            check (starts_at < ends_at and blocked_from <= starts_at and ends_at <= blocked_until)
        )
    """,
    "create index appointments_by_start on appointments (tenant_id, starts_at, id)",
    "create index appointments_by_creation on appointments (tenant_id, created_at, id)",
    "create index appointments_by_staff on appointments (tenant_id, staff_id, starts_at, id)",
    "create index appointments_by_series on appointments (tenant_id, series_id, starts_at) where series_id is not null",
    "create index appointments_by_customer on appointments (tenant_id, customer_id, starts_at, id)",
    """
        create table occupancies (
            tenant_id uuid not null,
            visit_id uuid not null,
            holder_id uuid not null,
            starts_at timestamptz not null,
            ends_at timestamptz not null,
            primary key (tenant_id, visit_id, holder_id),
            foreign key (tenant_id, visit_id) references appointments,
            check (starts_at < ends_at and ends_at - starts_at <= interval '48 hours'),
            constraint occupancies_never_meet exclude using gist (
                tenant_id extensions.gist_uuid_ops with =,
                holder_id extensions.gist_uuid_ops with =,
                tstzrange(starts_at, ends_at) with &&
            )
        )
    """,
    "create index occupancies_by_holder on occupancies (tenant_id, holder_id, starts_at)",
)


def upgrade() -> None:
    run("create extension if not exists btree_gist schema extensions", *_CATALOGUE, *_TIMES, *_VISITS)
    close_to_other_tenants("services", app_may="select, insert, update")
    close_to_other_tenants("bookable_resources", app_may="select, insert, update")
    close_to_other_tenants("staff_schedules", app_may="select, insert, update, delete")
    close_to_other_tenants("booking_policies", app_may="select, insert, update")
    close_to_other_tenants("appointments", app_may="select, insert, update")
    close_to_other_tenants("occupancies", app_may="select, insert, delete")


def downgrade() -> None:
    run(
        "drop table occupancies",
        "drop table appointments",
        "drop table booking_policies",
        "drop table staff_schedules",
        "drop table bookable_resources",
        "drop table services",
        "drop extension btree_gist",
    )

"""Times that are held, and what visitors give of themselves with a booking.

What blocks somebody is a visit or a hold: `blocker_id` names either, so it refers to neither table. `invariants` finds
what blocks for nothing.

Revision: 0530, after 0420.
"""

from infra.postgres.schema import close_to_other_tenants, run

revision = "0530"
down_revision = "0420"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        "alter table booking_policies"
        " add hold_minutes integer not null default 10 constraint hold_minutes check (hold_minutes > 0),"
        " add offer_minutes integer not null default 120 constraint offer_minutes check (offer_minutes > 0)",
        "alter table appointments add contact jsonb",
        "alter table occupancies drop constraint occupancies_tenant_id_visit_id_fkey",
        "alter table occupancies rename visit_id to blocker_id",
        "alter table occupancies add expires_at timestamptz",
        """
        create table slot_holds (
            tenant_id uuid not null,
            id uuid not null,
            service_id uuid not null,
            staff_id uuid,
            resource_ids uuid[] not null,
            starts_at timestamptz not null,
            ends_at timestamptz not null,
            blocked_from timestamptz not null,
            blocked_until timestamptz not null,
            expires_at timestamptz not null,
            visitor bytea,
            primary key (tenant_id, id),
            foreign key (tenant_id, service_id) references services,
            constraint times check (starts_at < ends_at and blocked_from <= starts_at and ends_at <= blocked_until)
        )
        """,
        "create index slot_holds_by_end on slot_holds (tenant_id, expires_at)",
    )
    close_to_other_tenants("slot_holds", app_may="select, insert, delete")


def downgrade() -> None:
    run(
        "drop table slot_holds",
        "delete from occupancies where expires_at is not null",
        "alter table occupancies drop expires_at",
        "alter table occupancies rename blocker_id to visit_id",
        "alter table occupancies add constraint occupancies_tenant_id_visit_id_fkey"
        " foreign key (tenant_id, visit_id) references appointments",
        "alter table appointments drop contact",
        "alter table booking_policies drop hold_minutes, drop offer_minutes",
    )

"""The tables of the calendar: what is offered, when people work, visits, and what they block."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Computed,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    Text,
    Uuid,
    column,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from infra.postgres.tables.base import Names, Privacy, Resource, TenantTable, holds, names


class ServiceRow(Resource):
    __tablename__ = "services"

    name: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    description: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.NONE))
    duration_minutes: Mapped[int] = mapped_column(Integer)
    buffer_before: Mapped[int] = mapped_column(Integer)
    buffer_after: Mapped[int] = mapped_column(Integer)
    price: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    staff_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), info=holds(Privacy.NONE))
    resource_kinds: Mapped[list[str]] = mapped_column(ARRAY(Text), info=holds(Privacy.NONE))
    bookable_online: Mapped[bool] = mapped_column(Boolean)
    archived_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    sort_name: Mapped[str] = mapped_column(Text, Computed("lower(name)", persisted=True), info=holds(Privacy.NONE))

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"]),
        CheckConstraint("duration_minutes > 0", name="duration_minutes"),
        CheckConstraint("buffer_before >= 0", name="buffer_before"),
        CheckConstraint("buffer_after >= 0", name="buffer_after"),
        CheckConstraint("price >= 0", name="price"),
        Index("services_by_name", "tenant_id", "sort_name", "id"),
    )


class BookableResourceRow(Resource):
    __tablename__ = "bookable_resources"

    name: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    kind: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    archived_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    sort_name: Mapped[str] = mapped_column(Text, Computed("lower(name)", persisted=True), info=holds(Privacy.NONE))

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"]),
        Index("bookable_resources_by_name", "tenant_id", "sort_name", "id"),
        Index("bookable_resources_by_kind", "tenant_id", "kind", "id", postgresql_where=text("archived_at is null")),
    )


class StaffScheduleRow(TenantTable):
    """Whoever books a person locks that person's row. `hours` is null for one who works as the business does."""

    __tablename__ = "staff_schedules"

    user_id: Mapped[UUID] = mapped_column(primary_key=True, info=names(Names.SUBJECT))
    hours: Mapped[dict[str, Any] | None] = mapped_column(JSONB, info=holds(Privacy.PERSONAL))
    exceptions: Mapped[list[Any]] = mapped_column(JSONB, server_default="[]", info=holds(Privacy.PERSONAL))
    time_off: Mapped[list[Any]] = mapped_column(JSONB, server_default="[]", info=holds(Privacy.PERSONAL))
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __table_args__ = (ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"]),)


class BookingPolicyRow(TenantTable):
    __tablename__ = "booking_policies"

    notice_minutes: Mapped[int] = mapped_column(Integer)
    horizon_days: Mapped[int] = mapped_column(Integer)
    step_minutes: Mapped[int] = mapped_column(Integer)
    change_notice_minutes: Mapped[int] = mapped_column(Integer)
    reminder_minutes: Mapped[list[int]] = mapped_column(ARRAY(Integer), info=holds(Privacy.NONE))
    hold_minutes: Mapped[int] = mapped_column(Integer, server_default=text("10"))
    offer_minutes: Mapped[int] = mapped_column(Integer, server_default=text("120"))
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"]),
        CheckConstraint("notice_minutes >= 0", name="notice_minutes"),
        CheckConstraint("horizon_days > 0", name="horizon_days"),
        CheckConstraint("step_minutes > 0", name="step_minutes"),
        CheckConstraint("change_notice_minutes >= 0", name="change_notice_minutes"),
        CheckConstraint("hold_minutes > 0", name="hold_minutes"),
        CheckConstraint("offer_minutes > 0", name="offer_minutes"),
    )


class AppointmentRow(Resource):
    __tablename__ = "appointments"

    customer_id: Mapped[UUID] = mapped_column(info=names(Names.PERSON))
    staff_id: Mapped[UUID | None] = mapped_column(info=names(Names.OTHER))
    service_id: Mapped[UUID | None] = mapped_column(info=names(Names.OTHER))
    starts_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ends_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    blocked_from: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    blocked_until: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    timezone: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    starts_local: Mapped[datetime] = mapped_column(DateTime(timezone=False))
    status: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    title: Mapped[str] = mapped_column(Text, info=holds(Privacy.PERSONAL, blank="'Visit'"))
    location: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.PERSONAL))
    notes: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.PERSONAL))
    series_id: Mapped[UUID | None] = mapped_column(info=names(Names.OTHER))
    resource_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), info=holds(Privacy.NONE))
    cancel_reason: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.PERSONAL))
    reminder_minutes: Mapped[list[int]] = mapped_column(ARRAY(Integer), info=holds(Privacy.NONE))
    reminded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    contact: Mapped[Any | None] = mapped_column(JSONB, info=holds(Privacy.PERSONAL))

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "customer_id"], ["customers.tenant_id", "customers.id"]),
        ForeignKeyConstraint(["tenant_id", "service_id"], ["services.tenant_id", "services.id"]),
        CheckConstraint("status in ('scheduled', 'confirmed', 'completed', 'cancelled', 'no_show')", name="status"),
        CheckConstraint("starts_at < ends_at and blocked_from <= starts_at and ends_at <= blocked_until", name="times"),
        Index("appointments_by_start", "tenant_id", "starts_at", "id"),
        Index("appointments_by_creation", "tenant_id", "created_at", "id"),
        Index("appointments_by_staff", "tenant_id", "staff_id", "starts_at", "id"),
        Index(
            "appointments_by_series",
            "tenant_id",
            "series_id",
            "starts_at",
            postgresql_where=text("series_id is not null"),
        ),
        Index("appointments_by_customer", "tenant_id", "customer_id", "starts_at", "id"),
    )


class OccupancyRow(TenantTable):
    """`holder_id`, a user or a resource, is blocked by a visit, or by a hold until `expires_at`, buffers counted.

    No two of one holder meet.
    """

    __tablename__ = "occupancies"

    blocker_id: Mapped[UUID] = mapped_column(primary_key=True, info=names(Names.OTHER))
    holder_id: Mapped[UUID] = mapped_column(primary_key=True, info=names(Names.OTHER))
    starts_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ends_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        CheckConstraint("starts_at < ends_at and ends_at - starts_at <= interval '48 hours'", name="times"),
        ExcludeConstraint(
            ("tenant_id", "="),
            ("holder_id", "="),
            (func.tstzrange(column("starts_at"), column("ends_at")), "&&"),
            name="occupancies_never_meet",
            using="gist",
            ops={"tenant_id": "extensions.gist_uuid_ops", "holder_id": "extensions.gist_uuid_ops"},
        ),
        Index("occupancies_by_holder", "tenant_id", "holder_id", "starts_at"),
    )


class CalendarFeedRow(TenantTable):
    """Each generation has an address of its own, and only the present one leads anywhere."""

    __tablename__ = "calendar_feeds"

    user_id: Mapped[UUID] = mapped_column(primary_key=True, info=names(Names.SUBJECT))
    generation: Mapped[UUID] = mapped_column(info=names(Names.OTHER))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __table_args__ = (ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"]),)

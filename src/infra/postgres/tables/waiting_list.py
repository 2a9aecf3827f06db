"""The tables of times that are held, and of the waiting list."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKeyConstraint, Index, LargeBinary, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from infra.postgres.tables.base import Names, Privacy, Resource, TenantTable, holds, names


class SlotHoldRow(TenantTable):
    """A time that is kept free for a visitor, known by a digest, or for who is first on the waiting list."""

    __tablename__ = "slot_holds"

    id: Mapped[UUID] = mapped_column(primary_key=True, info=names(Names.OTHER))
    service_id: Mapped[UUID] = mapped_column(info=names(Names.OTHER))
    staff_id: Mapped[UUID | None] = mapped_column(info=names(Names.OTHER))
    resource_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), info=holds(Privacy.NONE))
    starts_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ends_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    blocked_from: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    blocked_until: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    visitor: Mapped[bytes | None] = mapped_column(LargeBinary, info=holds(Privacy.SECRET))

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "service_id"], ["services.tenant_id", "services.id"]),
        CheckConstraint("starts_at < ends_at and blocked_from <= starts_at and ends_at <= blocked_until", name="times"),
        Index("slot_holds_by_end", "tenant_id", "expires_at"),
    )


class WaitingEntryRow(Resource):
    __tablename__ = "waiting_list"

    customer_id: Mapped[UUID] = mapped_column(info=names(Names.PERSON))
    service_id: Mapped[UUID] = mapped_column(info=names(Names.OTHER))
    staff_id: Mapped[UUID | None] = mapped_column(info=names(Names.OTHER))
    from_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    until_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    contact: Mapped[Any | None] = mapped_column(JSONB, info=holds(Privacy.PERSONAL))
    status: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    hold_id: Mapped[UUID | None] = mapped_column(info=names(Names.OTHER))
    offered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    offered_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    passed: Mapped[list[datetime]] = mapped_column(ARRAY(DateTime(timezone=True)), info=holds(Privacy.NONE))
    visit_id: Mapped[UUID | None] = mapped_column(info=names(Names.OTHER))
    visitor: Mapped[bytes | None] = mapped_column(LargeBinary, info=holds(Privacy.SECRET))
    repeats: Mapped[UUID | None] = mapped_column(info=names(Names.OTHER))

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "customer_id"], ["customers.tenant_id", "customers.id"]),
        ForeignKeyConstraint(["tenant_id", "service_id"], ["services.tenant_id", "services.id"]),
        CheckConstraint("status in ('waiting', 'offered', 'booked', 'left', 'expired')", name="status"),
        CheckConstraint("from_at < until_at", name="times"),
        Index("waiting_list_by_creation", "tenant_id", "created_at", "id"),
        Index("waiting_list_by_customer", "tenant_id", "customer_id", "created_at", "id"),
        Index("waiting_list_repeated", "tenant_id", "repeats", postgresql_where=text("repeats is not null")),
        Index(
            "waiting_list_open",
            "tenant_id",
            "from_at",
            postgresql_where=text("status in ('waiting', 'offered')"),
        ),
    )

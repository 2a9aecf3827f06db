"""The tables of notes about customers, and of their timelines."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKeyConstraint, Index, Text, desc
from sqlalchemy.orm import Mapped, mapped_column

from infra.postgres.tables.base import Names, Privacy, Resource, TenantTable, holds, names


class CustomerNoteRow(Resource):
    __tablename__ = "customer_notes"
    __table_args__ = (ForeignKeyConstraint(["tenant_id", "customer_id"], ["customers.tenant_id", "customers.id"]),)

    customer_id: Mapped[UUID] = mapped_column(info=names(Names.SUBJECT))
    author_id: Mapped[UUID] = mapped_column(info=names(Names.OTHER))
    text: Mapped[str] = mapped_column(Text, info=holds(Privacy.PERSONAL))


class CustomerTimelineRow(TenantTable):
    __tablename__ = "customer_timeline"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "customer_id"], ["customers.tenant_id", "customers.id"]),
        Index("customer_timeline_by_time", "tenant_id", "customer_id", desc("occurred_at"), desc("id")),
    )

    customer_id: Mapped[UUID] = mapped_column(primary_key=True, info=names(Names.SUBJECT))
    id: Mapped[UUID] = mapped_column(primary_key=True, info=names(Names.OTHER))
    kind: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    subject_id: Mapped[UUID] = mapped_column(info=names(Names.OTHER))
    actor_id: Mapped[UUID | None] = mapped_column(info=names(Names.OTHER))
    occurred_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

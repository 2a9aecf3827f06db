"""The tables of what has happened in a tenant: in full, and in the order in which sockets hear of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from infra.postgres.tables.base import Names, Privacy, TenantTable, holds, names


class EventRow(TenantTable):
    __tablename__ = "events"

    id: Mapped[UUID] = mapped_column(primary_key=True, info=names(Names.OTHER))
    type: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    version: Mapped[int] = mapped_column(Integer)
    subject_id: Mapped[UUID] = mapped_column(info=names(Names.OTHER))
    subject_version: Mapped[int] = mapped_column(Integer)
    actor_id: Mapped[UUID | None] = mapped_column(info=names(Names.OTHER))
    correlation_id: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.NONE))
    occurred_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    causation_id: Mapped[UUID | None] = mapped_column(info=names(Names.OTHER))
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, info=holds(Privacy.NONE))


class EventLogRow(TenantTable):
    __tablename__ = "event_log"
    __table_args__ = (Index("event_log_by_age", "recorded_at", postgresql_using="brin"),)

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    event_id: Mapped[UUID] = mapped_column(info=names(Names.OTHER))
    type: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    audience: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    subject_id: Mapped[UUID] = mapped_column(info=names(Names.OTHER))
    subject_version: Mapped[int] = mapped_column(Integer)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=text("now()"))

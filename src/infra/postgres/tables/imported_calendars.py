"""The tables of calendars that people keep elsewhere."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKeyConstraint, Index, Integer, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from infra.postgres.tables.base import Names, Privacy, Resource, TenantTable, holds, names


class ImportedCalendarRow(Resource):
    """`locked_with` is the id of the key that `url` was locked with."""

    __tablename__ = "imported_calendars"

    user_id: Mapped[UUID] = mapped_column(info=names(Names.SUBJECT))
    url: Mapped[bytes] = mapped_column(LargeBinary, info=holds(Privacy.SECRET))
    locked_with: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    etag: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.NONE))
    modified: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.NONE))
    fetch_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    fetched_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    read_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    failures: Mapped[int] = mapped_column(Integer)
    last_error: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.NONE))

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"]),
        CheckConstraint("failures >= 0", name="failures"),
        Index("imported_calendars_by_user", "tenant_id", "user_id", "created_at", "id"),
    )


class BusyTimeRow(TenantTable):
    """Of one calendar none meets another. Longer ones are kept as several, which touch."""

    __tablename__ = "busy_times"

    calendar_id: Mapped[UUID] = mapped_column(primary_key=True, info=names(Names.OTHER))
    starts_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), primary_key=True)
    ends_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    user_id: Mapped[UUID] = mapped_column(info=names(Names.SUBJECT))

    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "calendar_id"], ["imported_calendars.tenant_id", "imported_calendars.id"], ondelete="CASCADE"
        ),
        CheckConstraint("starts_at < ends_at and ends_at - starts_at <= interval '7 days'", name="times"),
        Index("busy_times_by_user", "tenant_id", "user_id", "starts_at"),
    )

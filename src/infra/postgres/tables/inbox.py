"""The table of what providers sent."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, Integer, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from infra.postgres.tables.base import Names, Privacy, TenantTable, holds, names


class InboxRow(TenantTable):
    """`body` is as the provider signed it: nobody but the one who applies it knows what is in it."""

    __tablename__ = "inbox"

    id: Mapped[UUID] = mapped_column(primary_key=True, info=names(Names.OTHER))
    integration_id: Mapped[UUID] = mapped_column(info=names(Names.OTHER))
    provider: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    event_id: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    body: Mapped[bytes] = mapped_column(LargeBinary, info=holds(Privacy.SECRET))
    state: Mapped[str] = mapped_column(Text, server_default=text("'received'"), info=holds(Privacy.NONE))
    waits_for: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.NONE))
    tries: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    received_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    applied_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        CheckConstraint("state in ('received', 'waiting', 'applied', 'stranded')", name="state"),
        UniqueConstraint("tenant_id", "integration_id", "event_id", name="inbox_tenant_id_integration_id_event_id_key"),
        Index("inbox_waiting", "tenant_id", "waits_for", postgresql_where=text("state in ('waiting', 'stranded')")),
    )

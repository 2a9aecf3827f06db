"""The table of letters."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from infra.postgres.tables.base import Names, Privacy, TenantTable, holds, names


class LetterRow(TenantTable):
    """`words` are gone once it is known what became of it; `told` is the mail server's code."""

    __tablename__ = "letters"

    id: Mapped[UUID] = mapped_column(primary_key=True, info=names(Names.OTHER))
    recipient: Mapped[str] = mapped_column(Text, info=holds(Privacy.PERSONAL))
    template: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    language: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    timezone: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    words: Mapped[dict[str, Any] | None] = mapped_column(JSONB, info=holds(Privacy.PERSONAL))
    may_repeat: Mapped[bool]
    state: Mapped[str] = mapped_column(Text, server_default=text("'pending'"), info=holds(Privacy.NONE))
    attempt: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    tries: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    told: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.NONE))
    prepared_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    settled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (CheckConstraint("state in ('pending', 'calling', 'done', 'failed', 'unknown')", name="state"),)

"""The table of what repeatable requests came to."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from infra.postgres.tables.base import Names, Privacy, TenantTable, holds, names


class IdempotencyKeyRow(TenantTable):
    __tablename__ = "idempotency_keys"

    caller_id: Mapped[UUID] = mapped_column(primary_key=True, info=names(Names.SUBJECT))
    operation: Mapped[str] = mapped_column(Text, primary_key=True, info=holds(Privacy.NONE))
    key: Mapped[str] = mapped_column(Text, primary_key=True, info=holds(Privacy.NONE))
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary, info=holds(Privacy.NONE))
    result: Mapped[Any] = mapped_column(JSONB, info=holds(Privacy.PERSONAL))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=text("now()"))

    __table_args__ = (Index("idempotency_keys_by_age", "created_at"),)

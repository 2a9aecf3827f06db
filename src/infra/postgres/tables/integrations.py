"""The table of connections to vendors."""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, DateTime, ForeignKeyConstraint, Integer, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from infra.postgres.tables.base import Privacy, TenantTable, holds


class TenantIntegrationRow(TenantTable):
    """`locked_with` is the id of the key that `secrets` were locked with."""

    __tablename__ = "tenant_integrations"

    provider: Mapped[str] = mapped_column(Text, primary_key=True, info=holds(Privacy.NONE))
    enabled: Mapped[bool] = mapped_column(Boolean)
    settings: Mapped[dict[str, Any]] = mapped_column(JSONB, info=holds(Privacy.NONE))
    secrets: Mapped[bytes] = mapped_column(LargeBinary, info=holds(Privacy.SECRET))
    locked_with: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    check_status: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.NONE))
    check_detail: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.NONE))
    checked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"]),
        CheckConstraint("check_status in ('working', 'failed', 'unverified')", name="check_status"),
    )

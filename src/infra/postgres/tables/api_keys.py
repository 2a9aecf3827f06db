"""The table of a tenant's API keys, as the tenant sees them. What a key opens is in the directory."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKeyConstraint, Index, Text, desc
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from infra.postgres.tables.base import Names, Privacy, TenantTable, holds, names


class ApiKeyRow(TenantTable):
    __tablename__ = "api_keys"

    id: Mapped[UUID] = mapped_column(primary_key=True, info=names(Names.OTHER))
    name: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    prefix: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text), info=holds(Privacy.NONE))
    created_by: Mapped[UUID] = mapped_column(info=names(Names.OTHER))
    expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "created_by"], ["users.tenant_id", "users.id"]),
        Index("api_keys_by_time", "tenant_id", desc("created_at"), desc("id")),
    )

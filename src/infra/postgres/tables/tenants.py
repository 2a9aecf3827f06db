"""The table of a tenant's own record."""

from datetime import datetime

from sqlalchemy import DateTime, Integer, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from infra.postgres.tables.base import Privacy, TenantTable, holds


class TenantRow(TenantTable):
    __tablename__ = "tenants"

    slug: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    name: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    timezone: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    currency: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    locale: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

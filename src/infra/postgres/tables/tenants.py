"""The table of a tenant's own record."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, Integer, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
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
    address: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}", info=holds(Privacy.NONE))
    phone: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.NONE))
    email: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.NONE))
    opening_hours: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}", info=holds(Privacy.NONE))
    tax_rates: Mapped[list[Any]] = mapped_column(JSONB, server_default="[]", info=holds(Privacy.NONE))
    numbering: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}", info=holds(Privacy.NONE))
    documents: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}", info=holds(Privacy.NONE))
    logo: Mapped[dict[str, Any] | None] = mapped_column(JSONB, info=holds(Privacy.NONE))
    logo_png: Mapped[bytes | None] = mapped_column(LargeBinary, info=holds(Privacy.NONE))
    invoicing: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}", info=holds(Privacy.NONE))
    registration: Mapped[str] = mapped_column(Text, server_default="invite", info=holds(Privacy.NONE))
    email_domains: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}", info=holds(Privacy.NONE))
    deletes_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        CheckConstraint("registration in ('open', 'domain', 'invite', 'closed')", name="registration"),
        CheckConstraint("octet_length(logo_png) <= 524288", name="logo"),
    )

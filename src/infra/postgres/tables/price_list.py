"""The table of the price list."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Computed, DateTime, ForeignKeyConstraint, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from infra.postgres.tables.base import Privacy, Resource, holds


class PriceItemRow(Resource):
    __tablename__ = "price_items"

    name: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    unit_price: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    unit: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.NONE))
    taxes: Mapped[list[Any] | None] = mapped_column(JSONB, info=holds(Privacy.NONE))
    sku: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.NONE))
    archived_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    sort_name: Mapped[str] = mapped_column(Text, Computed("lower(name)", persisted=True), info=holds(Privacy.NONE))

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"]),
        CheckConstraint("unit_price >= 0", name="unit_price"),
        Index("price_items_by_name", "tenant_id", "sort_name", "id"),
        Index("price_items_listed", "tenant_id", "sort_name", "id", postgresql_where=text("archived_at is null")),
        Index("price_items_by_sku", "tenant_id", "sku", unique=True, postgresql_where=text("archived_at is null")),
    )

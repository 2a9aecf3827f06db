"""The table of what customers have from those who were merged into them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, ForeignKeyConstraint, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from infra.postgres.tables.base import Names, Privacy, TenantTable, holds, names


class CustomerMergerRow(TenantTable):
    __tablename__ = "customer_mergers"

    customer_id: Mapped[UUID] = mapped_column(primary_key=True, info=names(Names.SUBJECT))
    into_id: Mapped[UUID] = mapped_column(info=names(Names.SUBJECT))
    merged_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    contribution: Mapped[dict[str, Any]] = mapped_column(JSONB, info=holds(Privacy.PERSONAL))

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "customer_id"], ["customers.tenant_id", "customers.id"]),
        ForeignKeyConstraint(["tenant_id", "into_id"], ["customers.tenant_id", "customers.id"]),
        Index("customer_mergers_by_survivor", "tenant_id", "into_id"),
    )

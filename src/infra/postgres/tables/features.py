"""The tables of features: what is switched on, and who has met what."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, ForeignKeyConstraint, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from infra.postgres.tables.base import Names, Privacy, TenantTable, holds, names


class TenantFeaturesRow(TenantTable):
    """`flags` has a line for each feature that is not as usual."""

    __tablename__ = "tenant_features"

    flags: Mapped[list[Any]] = mapped_column(JSONB, info=holds(Privacy.NONE))
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __table_args__ = (ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"]),)


class FeatureExposureRow(TenantTable):
    __tablename__ = "feature_exposures"

    feature: Mapped[str] = mapped_column(Text, primary_key=True, info=holds(Privacy.NONE))
    user_id: Mapped[UUID] = mapped_column(primary_key=True, info=names(Names.OTHER))
    variant: Mapped[str] = mapped_column(Text, primary_key=True, info=holds(Privacy.NONE))
    first_seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __table_args__ = (ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"]),)

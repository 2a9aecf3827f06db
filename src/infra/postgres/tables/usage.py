"""The tables that count: what a tenant has, which triggers write, and how often it called."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKeyConstraint, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from infra.postgres.tables.base import Privacy, TenantTable, holds


class UsageCounterRow(TenantTable):
    """A part of a count: their sum is what there is. `slot` keeps those apart that count at the same time."""

    __tablename__ = "usage_counters"

    quota: Mapped[str] = mapped_column(Text, primary_key=True, info=holds(Privacy.NONE))
    slot: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    used: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"]),)


class ApiCallsRow(TenantTable):
    """Calls of a quarter of an hour, which begins at `since`."""

    __tablename__ = "api_calls"

    since: Mapped[datetime] = mapped_column(DateTime(timezone=True), primary_key=True)
    calls: Mapped[int] = mapped_column(BigInteger)
    by_keys: Mapped[int] = mapped_column(BigInteger)
    refused: Mapped[int] = mapped_column(BigInteger)
    failed: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"]),
        CheckConstraint(
            "by_keys >= 0 and by_keys <= calls and refused >= 0 and failed >= 0 and refused + failed <= calls",
            name="parts",
        ),
    )

"""The table that counts what a tenant has. Triggers write it."""

from sqlalchemy import BigInteger, ForeignKeyConstraint, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from infra.postgres.tables.base import Privacy, TenantTable, holds


class UsageCounterRow(TenantTable):
    """A part of a count: their sum is what there is. `slot` keeps those apart that count at the same time."""

    __tablename__ = "usage_counters"

    quota: Mapped[str] = mapped_column(Text, primary_key=True, info=holds(Privacy.NONE))
    slot: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    used: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"]),)

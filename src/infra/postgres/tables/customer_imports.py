"""The tables of imports of customers: their reports, and what dry runs have seen."""

from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from infra.postgres.tables.base import Names, Privacy, TenantTable, holds, names


class CustomerImportFaultRow(TenantTable):
    """`message` may quote a piece of what stood in the file."""

    __tablename__ = "customer_import_faults"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "job_id"], ["jobs.tenant_id", "jobs.id"], ondelete="CASCADE"),
        Index("customer_import_faults_by_line", "tenant_id", "job_id", "line", "id"),
    )

    job_id: Mapped[UUID] = mapped_column(primary_key=True, info=names(Names.OTHER))
    id: Mapped[UUID] = mapped_column(primary_key=True, info=names(Names.OTHER))
    line: Mapped[int] = mapped_column(Integer)
    field: Mapped[str] = mapped_column(Text, info=holds(Privacy.PERSONAL))
    code: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    message: Mapped[str] = mapped_column(Text, info=holds(Privacy.PERSONAL))


class CustomerImportContactRow(TenantTable):
    __tablename__ = "customer_import_contacts"
    __table_args__ = (ForeignKeyConstraint(["tenant_id", "job_id"], ["jobs.tenant_id", "jobs.id"], ondelete="CASCADE"),)

    job_id: Mapped[UUID] = mapped_column(primary_key=True, info=names(Names.OTHER))
    contact: Mapped[str] = mapped_column(Text, primary_key=True, info=holds(Privacy.PERSONAL))
    line: Mapped[int] = mapped_column(Integer)

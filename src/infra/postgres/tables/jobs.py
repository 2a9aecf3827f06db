"""The table of jobs."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKeyConstraint, Index, Text, desc, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from infra.postgres.tables.base import Names, Privacy, TenantTable, holds, names


class JobRow(TenantTable):
    """`position` is for the job itself, and shown to nobody; `errors` may quote what a person gave."""

    __tablename__ = "jobs"

    id: Mapped[UUID] = mapped_column(primary_key=True, info=names(Names.OTHER))
    kind: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    subject_id: Mapped[UUID] = mapped_column(info=names(Names.OTHER))
    requested_by: Mapped[UUID] = mapped_column(info=names(Names.OTHER))
    status: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    done: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    total: Mapped[int | None] = mapped_column(BigInteger)
    position: Mapped[dict[str, Any]] = mapped_column(
        JSONB, server_default=text("'{}'::jsonb"), info=holds(Privacy.SECRET)
    )
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"), info=holds(Privacy.NONE))
    errors: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'::jsonb"), info=holds(Privacy.PERSONAL))
    given_bytes: Mapped[int | None] = mapped_column(BigInteger)
    file_name: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.NONE))
    file_bytes: Mapped[int | None] = mapped_column(BigInteger)
    file_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    started_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"]),
        CheckConstraint("status in ('queued', 'running', 'succeeded', 'failed', 'cancelled')", name="status"),
        Index(
            "jobs_unfinished",
            "tenant_id",
            "kind",
            "subject_id",
            unique=True,
            postgresql_where=text("status in ('queued', 'running')"),
        ),
        Index("jobs_by_creation", "tenant_id", desc("created_at"), desc("id")),
        Index("jobs_by_end", "finished_at", postgresql_where=text("file_name is null")),
        Index("jobs_by_person", "tenant_id", "requested_by", desc("created_at"), desc("id")),
    )

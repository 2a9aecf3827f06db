"""The tables of the audit log: its entries, and the chain that seals them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    desc,
)
from sqlalchemy.orm import Mapped, mapped_column

from infra.postgres.tables.base import Names, Privacy, TenantTable, holds, names


class AuditLogRow(TenantTable):
    """`origin` is about the actor, `personal` about the subject; each is deleted with its salt, and only so.

    The application may not change an entry: `public.erase_from_audit` erases whom an entry names.
    """

    __tablename__ = "audit_log"

    id: Mapped[UUID] = mapped_column(primary_key=True, info=names(Names.OTHER))
    occurred_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    actor_id: Mapped[UUID | None] = mapped_column(info=names(Names.OTHER))
    action: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    subject_id: Mapped[UUID | None] = mapped_column(info=names(Names.OTHER))
    request_id: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.NONE))
    changes: Mapped[dict[str, Any]] = mapped_column(JSON, info=holds(Privacy.NONE))
    origin: Mapped[dict[str, Any] | None] = mapped_column(JSON, info=holds(Privacy.PERSONAL))
    origin_salt: Mapped[bytes | None] = mapped_column(LargeBinary, info=holds(Privacy.SECRET))
    personal: Mapped[dict[str, Any] | None] = mapped_column(JSON, info=holds(Privacy.PERSONAL))
    personal_salt: Mapped[bytes | None] = mapped_column(LargeBinary, info=holds(Privacy.SECRET))

    __table_args__ = (
        Index("audit_log_by_time", "tenant_id", desc("occurred_at"), desc("id")),
        Index("audit_log_by_actor", "tenant_id", "actor_id", desc("occurred_at"), desc("id")),
        Index("audit_log_by_subject", "tenant_id", "subject_id", desc("occurred_at"), desc("id")),
    )


class AuditSealRow(TenantTable):
    __tablename__ = "audit_seals"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    entry_id: Mapped[UUID] = mapped_column(info=names(Names.OTHER))
    origin_digest: Mapped[bytes | None] = mapped_column(LargeBinary, info=holds(Privacy.NONE))
    personal_digest: Mapped[bytes | None] = mapped_column(LargeBinary, info=holds(Privacy.NONE))
    hash: Mapped[bytes] = mapped_column(LargeBinary, info=holds(Privacy.NONE))

    __table_args__ = (
        UniqueConstraint("tenant_id", "entry_id", name="audit_seals_tenant_id_entry_id_key"),
        ForeignKeyConstraint(["tenant_id", "entry_id"], ["audit_log.tenant_id", "audit_log.id"]),
    )


class AuditChainRow(TenantTable):
    """The last number and hash of each tenant's chain: without it, removing the newest seals would not be found."""

    __tablename__ = "audit_chains"

    number: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes] = mapped_column(LargeBinary, info=holds(Privacy.NONE))

"""The table of invitations."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKeyConstraint, Index, Text, desc, text
from sqlalchemy.orm import Mapped, mapped_column

from infra.postgres.tables.base import Names, Privacy, Resource, holds, names


class InvitationRow(Resource):
    __tablename__ = "invitations"

    email: Mapped[str] = mapped_column(Text, info=holds(Privacy.PERSONAL))
    role: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    invited_by: Mapped[UUID] = mapped_column(info=names(Names.OTHER))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    accepted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"]),
        CheckConstraint("role in ('owner', 'admin', 'staff', 'member')", name="role"),
        Index("invitations_by_creation", "tenant_id", desc("created_at"), desc("id")),
        Index(
            "invitations_open",
            "tenant_id",
            "email",
            unique=True,
            postgresql_where=text("accepted_at is null and revoked_at is null"),
        ),
    )

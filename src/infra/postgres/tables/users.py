"""The table of a tenant's users."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Computed,
    Date,
    DateTime,
    FetchedValue,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    desc,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from infra.postgres.tables.base import Names, Privacy, Resource, holds, names

_KEPT = FetchedValue()


class UserRow(Resource):
    """The `search_` texts are kept by a trigger, for the search functions."""

    __tablename__ = "users"

    id: Mapped[UUID] = mapped_column(primary_key=True, info=names(Names.PERSON))
    account_id: Mapped[UUID] = mapped_column(info=names(Names.OTHER, blank="id"))
    role: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    email: Mapped[str] = mapped_column(Text, info=holds(Privacy.PERSONAL, blank="'erased@erased.invalid'"))
    username: Mapped[str] = mapped_column(
        Text, info=holds(Privacy.PERSONAL, blank="'erased-' || right(replace(id::text, '-', ''), 24)")
    )
    display_name: Mapped[str] = mapped_column(Text, info=holds(Privacy.PERSONAL, blank="'Former user'"))
    first_name: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.PERSONAL))
    last_name: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.PERSONAL))
    company: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.PERSONAL))
    title: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.PERSONAL))
    phone: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.PERSONAL))
    preferred_language: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.PERSONAL))
    timezone: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.PERSONAL))
    member_type: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.PERSONAL))
    member_since: Mapped[date | None] = mapped_column(Date, info=holds(Privacy.PERSONAL))
    address: Mapped[dict[str, Any] | None] = mapped_column(JSONB, info=holds(Privacy.PERSONAL))
    location: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.PERSONAL))
    bio: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.PERSONAL))
    website: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.PERSONAL))
    linkedin: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.PERSONAL))
    skills: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=_KEPT, info=holds(Privacy.PERSONAL))
    certifications: Mapped[list[Any]] = mapped_column(
        JSONB, server_default=_KEPT, info=holds(Privacy.PERSONAL, blank="'[]'")
    )
    status: Mapped[str] = mapped_column(Text, server_default=_KEPT, info=holds(Privacy.PERSONAL, blank="'offline'"))
    status_message: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.PERSONAL))
    preferences: Mapped[dict[str, Any]] = mapped_column(
        JSONB, server_default=_KEPT, info=holds(Privacy.PERSONAL, blank="default")
    )
    notification_preferences: Mapped[dict[str, Any]] = mapped_column(
        JSONB, server_default=_KEPT, info=holds(Privacy.PERSONAL, blank="default")
    )
    field_visibility: Mapped[dict[str, Any]] = mapped_column(
        JSONB, server_default=_KEPT, info=holds(Privacy.PERSONAL, blank="default")
    )
    suspended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    suspension_reason: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.PERSONAL))
    erased_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    sort_name: Mapped[str] = mapped_column(
        Text, Computed("lower(display_name)", persisted=True), info=holds(Privacy.PERSONAL)
    )
    search_everyone: Mapped[str] = mapped_column(Text, server_default=_KEPT, info=holds(Privacy.PERSONAL))
    search_staff: Mapped[str] = mapped_column(Text, server_default=_KEPT, info=holds(Privacy.PERSONAL))
    search_admins: Mapped[str] = mapped_column(Text, server_default=_KEPT, info=holds(Privacy.PERSONAL))
    search_people: Mapped[str] = mapped_column(Text, server_default=_KEPT, info=holds(Privacy.PERSONAL))

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"]),
        UniqueConstraint("tenant_id", "account_id", name="users_tenant_id_account_id_key"),
        UniqueConstraint("tenant_id", "username", name="users_tenant_id_username_key"),
        CheckConstraint("role in ('owner', 'admin', 'staff', 'member')", name="role"),
        CheckConstraint("username ~ '^[a-z0-9._-]{2,32}$'", name="username"),
        CheckConstraint("status in ('away', 'busy', 'in_meeting', 'offline', 'online')", name="status"),
        Index("users_by_name", "tenant_id", "sort_name", "id"),
        Index("users_by_creation", "tenant_id", desc("created_at"), desc("id")),
        Index(
            "users_by_people",
            "tenant_id",
            "search_people",
            postgresql_using="gin",
            postgresql_ops={"tenant_id": "extensions.uuid_ops", "search_people": "extensions.gin_trgm_ops"},
        ),
        Index(
            "users_by_words",
            "tenant_id",
            "search_admins",
            postgresql_using="gin",
            postgresql_ops={"tenant_id": "extensions.uuid_ops", "search_admins": "extensions.gin_trgm_ops"},
        ),
    )

"""The table of customers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, DateTime, FetchedValue, ForeignKeyConstraint, Index, Text, desc, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from infra.postgres.tables.base import Names, Privacy, Resource, holds, names


class CustomerRow(Resource):
    """A trigger keeps `found_by`, for the functions that find customers."""

    __tablename__ = "customers"

    id: Mapped[UUID] = mapped_column(primary_key=True, info=names(Names.PERSON))
    name: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.PERSONAL, blank="'Former customer'"))
    company: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.PERSONAL))
    emails: Mapped[list[str]] = mapped_column(ARRAY(Text), info=holds(Privacy.PERSONAL))
    phones: Mapped[list[str]] = mapped_column(ARRAY(Text), info=holds(Privacy.PERSONAL))
    addresses: Mapped[list[Any]] = mapped_column(JSONB, info=holds(Privacy.PERSONAL, blank="'[]'"))
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), info=holds(Privacy.PERSONAL))
    notes: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.PERSONAL))
    preferred_language: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.PERSONAL))
    source: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.PERSONAL))
    custom: Mapped[dict[str, Any]] = mapped_column(JSONB, info=holds(Privacy.PERSONAL))
    archived_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    merged_into: Mapped[UUID | None] = mapped_column(info=names(Names.OTHER))
    erased_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    found_by: Mapped[str] = mapped_column(TSVECTOR, server_default=FetchedValue(), info=holds(Privacy.SECRET))
    sort_name: Mapped[str] = mapped_column(
        Text, Computed("lower(coalesce(name, company))", persisted=True), info=holds(Privacy.PERSONAL)
    )

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"]),
        ForeignKeyConstraint(["tenant_id", "merged_into"], ["customers.tenant_id", "customers.id"]),
        CheckConstraint("coalesce(name, company) is not null", name="name_or_company"),
        CheckConstraint("merged_into <> id", name="not_into_itself"),
        Index("customers_by_creation", "tenant_id", desc("created_at"), desc("id")),
        Index("customers_by_name", "tenant_id", "sort_name", "id"),
        Index("customers_erased", "tenant_id", "id", postgresql_where=text("erased_at is not null")),
        Index("customers_by_merger", "tenant_id", "merged_into", postgresql_where=text("merged_into is not null")),
        Index("customers_by_what_is_kept", "found_by", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
    )

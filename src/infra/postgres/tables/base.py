"""What every table of a tenant has, and how a column says what it holds about a person."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from advanced_alchemy.base import AdvancedDeclarativeBase, CommonTableAttributes
from sqlalchemy import DateTime, Integer, text
from sqlalchemy.orm import Mapped, mapped_column


class Privacy(StrEnum):
    """What a column holds. Text, array and JSON columns declare it: export, erasure and redaction follow."""

    NONE = "none"
    PERSONAL = "personal"
    SECRET = "secret"  # noqa: S105 - the name of a kind of column, not a password


def holds(privacy: Privacy) -> dict[Any, Any]:
    """The `info` of a column that holds such values."""
    return {"privacy": privacy}


class TenantTable(CommonTableAttributes, AdvancedDeclarativeBase):
    """A table whose rows belong to tenants: `tenant_id` leads its keys, row-level security closes it."""

    __abstract__ = True

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)


class Resource(TenantTable):
    """A row that clients see and change: it has an id, a version and its times."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

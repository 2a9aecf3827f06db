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


class Names(StrEnum):
    """Whom an id names. Every column of ids but a row's own declares it: erasing a person follows.

    `person`: the row's personal columns are about that user or customer, and are emptied when the person is erased.
    `subject`: the row is nothing without that person, and is deleted then. `other`: nobody, or somebody whom the row's
    personal columns are not about.
    """

    OTHER = "other"
    PERSON = "person"
    SUBJECT = "subject"


def holds(privacy: Privacy, *, blank: str | None = None) -> dict[Any, Any]:
    """The `info` of a column that holds such values. `blank` is the SQL for what an erased one becomes.

    Without it, that is null, or what is empty in a column that is never null.
    """
    return {"privacy": privacy, "blank": blank}


def names(whom: Names, *, blank: str | None = None) -> dict[Any, Any]:
    """The `info` of a column of ids."""
    return {"names": whom, "blank": blank}


class TenantTable(CommonTableAttributes, AdvancedDeclarativeBase):
    """A table whose rows belong to tenants: `tenant_id` leads its keys, row-level security closes it."""

    __abstract__ = True

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)


class Resource(TenantTable):
    """A row that clients see and change: it has an id, a version and its times."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True, info=names(Names.OTHER))
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

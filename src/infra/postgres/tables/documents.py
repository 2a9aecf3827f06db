"""What the tables of documents have in common, and the counters by which documents are numbered."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Text,
    desc,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.schema import SchemaItem

from infra.postgres.tables.base import Names, Privacy, Resource, TenantTable, holds, names

LARGEST = 2**53 - 1
NO_WORDS = """(
    select coalesce(jsonb_agg(item || '{"description": "Erased"}'), '[]') from jsonb_path_query(items, '$[*]') item
    where jsonb_typeof(item) = 'object' and item ? 'description'
)"""


class DocumentCounterRow(TenantTable):
    """`year` is 0 where the numbers never restart."""

    __tablename__ = "document_counters"

    kind: Mapped[str] = mapped_column(Text, primary_key=True, info=holds(Privacy.NONE))
    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"]),
        CheckConstraint("last > 0", name="last"),
    )


class PricedRow(Resource):
    """Items at prices, for a customer."""

    __abstract__ = True

    status: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    customer_id: Mapped[UUID] = mapped_column(info=names(Names.PERSON))
    currency: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    prices_include_tax: Mapped[bool] = mapped_column(Boolean)
    items: Mapped[list[Any]] = mapped_column(JSONB, info=holds(Privacy.PERSONAL, blank=NO_WORDS))
    discount: Mapped[dict[str, Any] | None] = mapped_column(JSONB, info=holds(Privacy.NONE))
    total: Mapped[int] = mapped_column(BigInteger)
    notes: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.PERSONAL))
    terms: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.PERSONAL))


class DocumentRow(PricedRow):
    """`search_text` holds what a document is found by, folded as searches are."""

    __abstract__ = True

    number: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.NONE))
    subtotal: Mapped[int] = mapped_column(BigInteger)
    discount_total: Mapped[int] = mapped_column(BigInteger)
    tax_total: Mapped[int] = mapped_column(BigInteger)
    taxes: Mapped[list[Any]] = mapped_column(JSONB, info=holds(Privacy.NONE))
    deposit: Mapped[dict[str, Any] | None] = mapped_column(JSONB, info=holds(Privacy.NONE))
    deposit_amount: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    link: Mapped[bytes | None] = mapped_column(LargeBinary, info=holds(Privacy.SECRET, blank="null"))
    search_text: Mapped[str] = mapped_column(Text, info=holds(Privacy.PERSONAL))


def of_documents(table: str) -> tuple[SchemaItem, ...]:
    """The constraints and indexes of a table of documents, but for the bounds of its amounts."""
    return (
        ForeignKeyConstraint(["tenant_id", "customer_id"], ["customers.tenant_id", "customers.id"]),
        CheckConstraint("(status = 'draft') = (number is null)", name="number"),
        CheckConstraint("total = subtotal - discount_total + tax_total", name="sums"),
        CheckConstraint("deposit_amount >= 0 and deposit_amount <= total", name="deposit"),
        Index(f"{table}_by_creation", "tenant_id", desc("created_at"), desc("id")),
        Index(f"{table}_by_customer", "tenant_id", "customer_id", desc("created_at"), desc("id")),
        Index(f"{table}_by_status", "tenant_id", "status", desc("created_at"), desc("id")),
        Index(f"{table}_by_number", "tenant_id", "number", unique=True),
        Index(
            f"{table}_by_text",
            "tenant_id",
            "search_text",
            postgresql_using="gin",
            postgresql_ops={"tenant_id": "extensions.uuid_ops", "search_text": "extensions.gin_trgm_ops"},
        ),
    )

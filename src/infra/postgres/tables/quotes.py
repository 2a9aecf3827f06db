"""The tables of quotes, and of the counters by which documents are numbered."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Text,
    desc,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from infra.postgres.tables.base import Names, Privacy, Resource, TenantTable, holds, names

_LARGEST = 2**53 - 1
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


class QuoteRow(Resource):
    """`search_text` holds what a quote is found by, folded as searches are.

    `invoice_id` has no foreign key: the invoice has one to its quote.
    """

    __tablename__ = "quotes"

    number: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.NONE))
    status: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    customer_id: Mapped[UUID] = mapped_column(info=names(Names.PERSON))
    currency: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    prices_include_tax: Mapped[bool] = mapped_column(Boolean)
    items: Mapped[list[Any]] = mapped_column(JSONB, info=holds(Privacy.PERSONAL, blank=NO_WORDS))
    discount: Mapped[dict[str, Any] | None] = mapped_column(JSONB, info=holds(Privacy.NONE))
    subtotal: Mapped[int] = mapped_column(BigInteger)
    discount_total: Mapped[int] = mapped_column(BigInteger)
    tax_total: Mapped[int] = mapped_column(BigInteger)
    taxes: Mapped[list[Any]] = mapped_column(JSONB, info=holds(Privacy.NONE))
    total: Mapped[int] = mapped_column(BigInteger)
    valid_until: Mapped[date | None] = mapped_column(Date)
    notes: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.PERSONAL))
    terms: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.PERSONAL))
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    accepted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    rejected_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reject_reason: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.PERSONAL))
    accepted_by: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.PERSONAL))
    signature: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.PERSONAL))
    link: Mapped[bytes | None] = mapped_column(LargeBinary, info=holds(Privacy.SECRET, blank="null"))
    invoice_id: Mapped[UUID | None] = mapped_column(info=names(Names.OTHER))
    search_text: Mapped[str] = mapped_column(Text, info=holds(Privacy.PERSONAL))

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "customer_id"], ["customers.tenant_id", "customers.id"]),
        CheckConstraint("status in ('draft', 'sent', 'accepted', 'rejected', 'expired')", name="status"),
        CheckConstraint("(status = 'draft') = (number is null)", name="number"),
        CheckConstraint("total = subtotal - discount_total + tax_total", name="sums"),
        CheckConstraint(
            "least(subtotal, discount_total, tax_total, total) >= 0"
            f" and greatest(subtotal, discount_total, tax_total, total) <= {_LARGEST}",
            name="bounds",
        ),
        Index("quotes_by_creation", "tenant_id", desc("created_at"), desc("id")),
        Index("quotes_by_customer", "tenant_id", "customer_id", desc("created_at"), desc("id")),
        Index("quotes_by_number", "tenant_id", "number", unique=True),
        Index(
            "quotes_by_text",
            "tenant_id",
            "search_text",
            postgresql_using="gin",
            postgresql_ops={"tenant_id": "extensions.uuid_ops", "search_text": "extensions.gin_trgm_ops"},
        ),
    )

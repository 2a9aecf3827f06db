"""The table of quotes."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKeyConstraint, Index, Integer, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from infra.postgres.tables.base import Names, Privacy, holds, names
from infra.postgres.tables.documents import LARGEST, DocumentRow, of_documents


class QuoteRow(DocumentRow):
    """`invoice_id` and `superseded_by` have no foreign keys: the invoice, and the later version, have one to it."""

    __tablename__ = "quotes"

    valid_until: Mapped[date | None] = mapped_column(Date)
    accepted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    rejected_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reject_reason: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.PERSONAL))
    accepted_by: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.PERSONAL))
    signature: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.PERSONAL))
    invoice_id: Mapped[UUID | None] = mapped_column(info=names(Names.OTHER))
    revision: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    revision_of: Mapped[UUID | None] = mapped_column(info=names(Names.OTHER))
    superseded_by: Mapped[UUID | None] = mapped_column(info=names(Names.OTHER))

    __table_args__ = (
        *of_documents("quotes"),
        ForeignKeyConstraint(["tenant_id", "revision_of"], ["quotes.tenant_id", "quotes.id"]),
        CheckConstraint("revision >= 1 and (revision = 1) = (revision_of is null)", name="revision"),
        Index(
            "quotes_by_revision",
            "tenant_id",
            "revision_of",
            unique=True,
            postgresql_where=text("revision_of is not null"),
        ),
        CheckConstraint("status in ('draft', 'sent', 'accepted', 'rejected', 'expired')", name="status"),
        CheckConstraint(
            "least(subtotal, discount_total, tax_total, total) >= 0"
            f" and greatest(subtotal, discount_total, tax_total, total) <= {LARGEST}",
            name="bounds",
        ),
    )

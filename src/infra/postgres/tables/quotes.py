"""The table of quotes."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, Text
from sqlalchemy.orm import Mapped, mapped_column

from infra.postgres.tables.base import Names, Privacy, holds, names
from infra.postgres.tables.documents import LARGEST, DocumentRow, of_documents


class QuoteRow(DocumentRow):
    """`invoice_id` has no foreign key: the invoice has one to its quote."""

    __tablename__ = "quotes"

    valid_until: Mapped[date | None] = mapped_column(Date)
    accepted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    rejected_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reject_reason: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.PERSONAL))
    accepted_by: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.PERSONAL))
    signature: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.PERSONAL))
    invoice_id: Mapped[UUID | None] = mapped_column(info=names(Names.OTHER))

    __table_args__ = (
        *of_documents("quotes"),
        CheckConstraint("status in ('draft', 'sent', 'accepted', 'rejected', 'expired')", name="status"),
        CheckConstraint(
            "least(subtotal, discount_total, tax_total, total) >= 0"
            f" and greatest(subtotal, discount_total, tax_total, total) <= {LARGEST}",
            name="bounds",
        ),
    )

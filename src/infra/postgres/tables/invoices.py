"""The tables of invoices and of what is credited of them."""

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
    Text,
    desc,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from infra.postgres.tables.base import Names, Privacy, Resource, holds, names
from infra.postgres.tables.documents import LARGEST, NO_WORDS, DocumentRow, PricedRow, of_documents


class InvoiceRow(DocumentRow):
    """`period` is the day for which a recurring one was made."""

    __tablename__ = "invoices"

    quote_id: Mapped[UUID | None] = mapped_column(info=names(Names.OTHER))
    recurring_id: Mapped[UUID | None] = mapped_column(info=names(Names.OTHER))
    period: Mapped[date | None] = mapped_column(Date)
    amount_paid: Mapped[int] = mapped_column(BigInteger)
    amount_credited: Mapped[int] = mapped_column(BigInteger)
    amount_due: Mapped[int] = mapped_column(BigInteger)
    due_date: Mapped[date | None] = mapped_column(Date)
    deposit_due_date: Mapped[date | None] = mapped_column(Date)
    deposit_due: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    deposit_paid_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    deposit_overdue: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    paid_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reopened_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    cancelled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reminders: Mapped[int] = mapped_column(Integer)

    __table_args__ = (
        *of_documents("invoices"),
        ForeignKeyConstraint(["tenant_id", "quote_id"], ["quotes.tenant_id", "quotes.id"]),
        ForeignKeyConstraint(["tenant_id", "recurring_id"], ["recurring_invoices.tenant_id", "recurring_invoices.id"]),
        CheckConstraint("status in ('draft', 'sent', 'partially_paid', 'overdue', 'paid', 'cancelled')", name="status"),
        CheckConstraint("amount_due = total - amount_credited - amount_paid", name="due"),
        CheckConstraint(
            "deposit_due = least(amount_due, greatest(deposit_amount - amount_paid, 0))", name="deposit_due"
        ),
        CheckConstraint("not deposit_overdue or (status = 'overdue' and deposit_due > 0)", name="deposit_overdue"),
        CheckConstraint("(status = 'paid') = (number is not null and amount_due = 0)", name="paid"),
        CheckConstraint("(status = 'paid') = (paid_at is not null)", name="paid_at"),
        CheckConstraint(
            "status not in ('draft', 'cancelled') or (amount_paid = 0 and amount_credited = 0)", name="void"
        ),
        CheckConstraint(
            "least(subtotal, discount_total, tax_total, total, amount_paid, amount_credited, amount_due) >= 0"
            f" and greatest(subtotal, discount_total, tax_total, total) <= {LARGEST}",
            name="bounds",
        ),
        Index("invoices_by_quote", "tenant_id", "quote_id", unique=True),
        Index("invoices_by_period", "tenant_id", "recurring_id", "period", unique=True),
        Index(
            "invoices_by_due_date",
            "tenant_id",
            "due_date",
            postgresql_where=text("status in ('sent', 'partially_paid', 'overdue')"),
        ),
        Index("invoices_by_deposit", "tenant_id", "deposit_due_date", postgresql_where=text("deposit_due > 0")),
    )


class RecurringInvoiceRow(PricedRow):
    """What is charged again and again. `planned_at` is the time of the due row that makes the next one."""

    __tablename__ = "recurring_invoices"

    every: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    interval: Mapped[int] = mapped_column(Integer)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    turn: Mapped[int] = mapped_column(Integer)
    next_on: Mapped[date | None] = mapped_column(Date)
    planned_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    made: Mapped[int] = mapped_column(Integer)
    sends: Mapped[bool] = mapped_column(Boolean)
    payment_days: Mapped[int | None] = mapped_column(Integer)

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "customer_id"], ["customers.tenant_id", "customers.id"]),
        CheckConstraint("status in ('active', 'paused', 'ended')", name="status"),
        CheckConstraint("every in ('week', 'month', 'quarter', 'year')", name="every"),
        CheckConstraint("(status = 'ended') = (next_on is null)", name="ended"),
        CheckConstraint(f"interval >= 1 and interval <= 52 and total >= 0 and total <= {LARGEST}", name="bounds"),
        Index("recurring_invoices_by_creation", "tenant_id", desc("created_at"), desc("id")),
        Index("recurring_invoices_by_customer", "tenant_id", "customer_id"),
    )


class CreditNoteRow(Resource):
    """What is given up of an invoice; it is never changed."""

    __tablename__ = "credit_notes"

    number: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    invoice_id: Mapped[UUID] = mapped_column(info=names(Names.OTHER))
    customer_id: Mapped[UUID] = mapped_column(info=names(Names.PERSON))
    currency: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    items: Mapped[list[Any]] = mapped_column(JSONB, info=holds(Privacy.PERSONAL, blank=NO_WORDS))
    subtotal: Mapped[int] = mapped_column(BigInteger)
    tax_total: Mapped[int] = mapped_column(BigInteger)
    taxes: Mapped[list[Any]] = mapped_column(JSONB, info=holds(Privacy.NONE))
    total: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.PERSONAL))

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "customer_id"], ["customers.tenant_id", "customers.id"]),
        ForeignKeyConstraint(["tenant_id", "invoice_id"], ["invoices.tenant_id", "invoices.id"]),
        CheckConstraint("total = subtotal + tax_total", name="sums"),
        CheckConstraint("least(subtotal, tax_total) >= 0 and total > 0", name="bounds"),
        Index("credit_notes_by_invoice", "tenant_id", "invoice_id", "created_at", "id"),
        Index("credit_notes_by_customer", "tenant_id", "customer_id"),
        Index("credit_notes_by_number", "tenant_id", "number", unique=True),
    )

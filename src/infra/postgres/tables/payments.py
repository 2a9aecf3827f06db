"""The tables of payments, of what went back, and of the ledger."""

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
    UniqueConstraint,
    desc,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from infra.postgres.tables.base import Names, Privacy, Resource, TenantTable, holds, names


def _of_a_payment() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["tenant_id", "payment_id"], ["payments.tenant_id", "payments.id"])


_OPEN = "method = 'card' and status in ('pending', 'processing', 'failed')"


class PaymentRow(Resource):
    __tablename__ = "payments"

    invoice_id: Mapped[UUID] = mapped_column(info=names(Names.OTHER))
    customer_id: Mapped[UUID] = mapped_column(info=names(Names.PERSON))
    amount: Mapped[int] = mapped_column(BigInteger)
    applied_amount: Mapped[int] = mapped_column(BigInteger)
    unapplied_amount: Mapped[int] = mapped_column(BigInteger)
    refunded_amount: Mapped[int] = mapped_column(BigInteger)
    lost_amount: Mapped[int] = mapped_column(BigInteger)
    overdrawn_amount: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    currency: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    method: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    status: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    own_account: Mapped[bool] = mapped_column(Boolean)
    intent_id: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.NONE))
    charge_id: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.NONE))
    failure_code: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.NONE))
    disputed: Mapped[bool] = mapped_column(Boolean)
    told: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.NONE))
    told_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    note: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.PERSONAL))
    received_on: Mapped[date | None] = mapped_column(Date)
    succeeded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "invoice_id"], ["invoices.tenant_id", "invoices.id"]),
        ForeignKeyConstraint(["tenant_id", "customer_id"], ["customers.tenant_id", "customers.id"]),
        CheckConstraint(
            "status in ('pending', 'processing', 'succeeded', 'failed', 'cancelled', 'partially_refunded',"
            " 'refunded', 'disputed')",
            name="status",
        ),
        CheckConstraint("method in ('card', 'cash', 'cheque', 'transfer', 'other')", name="method"),
        CheckConstraint(
            "amount > 0 and least(applied_amount, unapplied_amount, refunded_amount, lost_amount) >= 0", name="amounts"
        ),
        CheckConstraint("greatest(applied_amount, unapplied_amount) <= amount", name="kept"),
        CheckConstraint("overdrawn_amount >= 0", name="overdrawn"),
        Index("payments_by_creation", "tenant_id", desc("created_at"), desc("id")),
        Index("payments_by_invoice", "tenant_id", "invoice_id", desc("created_at"), desc("id")),
        Index("payments_by_customer", "tenant_id", "customer_id", desc("created_at"), desc("id")),
        Index("payments_by_status", "tenant_id", "status", desc("created_at"), desc("id")),
        Index("payments_by_method", "tenant_id", "method", desc("created_at"), desc("id")),
        Index("payments_by_intent", "tenant_id", "intent_id", unique=True),
        Index("payments_by_charge", "tenant_id", "charge_id"),
        Index("payments_open", "tenant_id", "invoice_id", unique=True, postgresql_where=text(_OPEN)),
    )


class RefundRow(Resource):
    """`taken_back` is what the invoice lost by it."""

    __tablename__ = "refunds"

    payment_id: Mapped[UUID] = mapped_column(info=names(Names.OTHER))
    amount: Mapped[int] = mapped_column(BigInteger)
    taken_back: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    status: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    reason: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    refund_id: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.NONE))
    failure_code: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.NONE))

    __table_args__ = (
        _of_a_payment(),
        CheckConstraint("status in ('pending', 'succeeded', 'failed')", name="status"),
        CheckConstraint("amount > 0 and taken_back >= 0 and taken_back <= amount", name="amounts"),
        Index("refunds_by_payment", "tenant_id", "payment_id", desc("created_at"), desc("id")),
        Index("refunds_told", "tenant_id", "refund_id", unique=True),
    )


class DisputeRow(TenantTable):
    """`turn` counts how often it was opened again; `taken_back` is what the invoice lost by it."""

    __tablename__ = "disputes"

    id: Mapped[UUID] = mapped_column(primary_key=True, info=names(Names.OTHER))
    payment_id: Mapped[UUID] = mapped_column(info=names(Names.OTHER))
    dispute_id: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    amount: Mapped[int] = mapped_column(BigInteger)
    taken_back: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    turn: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    told_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    currency: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    status: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        _of_a_payment(),
        CheckConstraint("status in ('open', 'won', 'lost')", name="status"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("taken_back >= 0 and taken_back <= amount and turn >= 0", name="taken_back"),
        Index("disputes_by_payment", "tenant_id", "payment_id"),
        UniqueConstraint("tenant_id", "dispute_id", name="disputes_told"),
    )


class LedgerEntryRow(TenantTable):
    """One movement of money. Rows are added, and never changed."""

    __tablename__ = "ledger_entries"

    id: Mapped[UUID] = mapped_column(primary_key=True, info=names(Names.OTHER))
    kind: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    source_id: Mapped[UUID] = mapped_column(info=names(Names.OTHER))
    invoice_id: Mapped[UUID | None] = mapped_column(info=names(Names.OTHER))
    payment_id: Mapped[UUID | None] = mapped_column(info=names(Names.OTHER))
    currency: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    occurred_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "invoice_id"], ["invoices.tenant_id", "invoices.id"]),
        _of_a_payment(),
        UniqueConstraint("tenant_id", "kind", "source_id", name="ledger_entries_once"),
        Index("ledger_entries_by_time", "tenant_id", desc("occurred_at"), desc("id")),
        Index("ledger_entries_by_invoice", "tenant_id", "invoice_id", desc("occurred_at"), desc("id")),
    )


class LedgerPostingRow(TenantTable):
    """Those of one entry come to nothing, which a trigger sees to when the transaction ends."""

    __tablename__ = "ledger_postings"

    entry_id: Mapped[UUID] = mapped_column(primary_key=True, info=names(Names.OTHER))
    account: Mapped[str] = mapped_column(Text, primary_key=True, info=holds(Privacy.NONE))
    currency: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    amount: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "entry_id"], ["ledger_entries.tenant_id", "ledger_entries.id"]),
        CheckConstraint(
            "account in ('bank', 'cash', 'disputed', 'exchange', 'fees', 'losses', 'receivable', 'revenue', 'stripe',"
            " 'tax', 'unapplied')",
            name="account",
        ),
    )


class PaymentReconciliationRow(TenantTable):
    """The last one."""

    __tablename__ = "payment_reconciliations"

    ran_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    since: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    until: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    replayed: Mapped[int] = mapped_column(Integer)
    findings: Mapped[list[Any]] = mapped_column(JSONB, info=holds(Privacy.NONE))
    balances: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'"), info=holds(Privacy.NONE))

    __table_args__ = (ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"]),)

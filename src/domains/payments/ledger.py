"""The ledger: every movement of money as an entry whose postings come to nothing."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

import msgspec

from domains.shared.ids import new_id


class Account(StrEnum):
    """What is posted to. `receivable` is what customers owe, `unapplied` what they paid beyond that.

    `stripe` is what the provider has, `bank` what it paid out. `fees` is what it kept for itself, `losses` what
    disputes took beyond what was left of a payment. `exchange` is what was given in one currency for what came in
    another.
    """

    BANK = "bank"
    CASH = "cash"
    DISPUTED = "disputed"
    EXCHANGE = "exchange"
    FEES = "fees"
    LOSSES = "losses"
    RECEIVABLE = "receivable"
    REVENUE = "revenue"
    STRIPE = "stripe"
    TAX = "tax"
    UNAPPLIED = "unapplied"


class EntryKind(StrEnum):
    """What moved money."""

    CREDIT_NOTE_ISSUED = "credit_note_issued"
    CURRENCY_EXCHANGED = "currency_exchanged"
    DISPUTE_LOST = "dispute_lost"
    DISPUTE_OPENED = "dispute_opened"
    DISPUTE_WON = "dispute_won"
    FEE_CHARGED = "fee_charged"
    INVOICE_ISSUED = "invoice_issued"
    INVOICE_VOIDED = "invoice_voided"
    PAYMENT_RECEIVED = "payment_received"
    PAYOUT_MADE = "payout_made"
    PAYOUT_RETURNED = "payout_returned"
    REFUND_FAILED = "refund_failed"
    REFUND_SUCCEEDED = "refund_succeeded"


class Posting(msgspec.Struct, frozen=True):
    """`amount` is positive where it is debited, negative where it is credited."""

    account: Account
    amount: int


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One movement, in one currency. `source` is what moved: the same kind of the same source is there once.

    What the provider pays out is of no invoice.
    """

    id: UUID
    kind: EntryKind
    source: UUID
    invoice_id: UUID | None
    payment_id: UUID | None
    currency: str
    postings: tuple[Posting, ...]
    occurred_at: datetime


class Ledger(Protocol):
    """The ledger of the tenant to which the work is bound."""

    async def add(self, entry: Entry) -> None:
        """Add one. The same kind of the same source again changes nothing."""
        ...


def entry(
    kind: EntryKind,
    source: UUID,
    *amounts: tuple[Account, int],
    currency: str,
    now: datetime,
    invoice: UUID | None = None,
    payment: UUID | None = None,
) -> Entry:
    """An entry of all amounts that are not nothing."""
    postings = tuple(Posting(account, amount) for account, amount in amounts if amount)
    return Entry(
        id=new_id(), kind=kind, source=source, invoice_id=invoice, payment_id=payment, currency=currency,
        postings=postings, occurred_at=now,
    )  # fmt: skip

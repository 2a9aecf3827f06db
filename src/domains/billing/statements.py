"""What a customer owes, movement by movement."""

from datetime import date
from enum import StrEnum

import msgspec


class Movement(StrEnum):
    """What changes what a customer owes."""

    CREDIT_NOTE = "credit_note"
    DISPUTE = "dispute"
    INVOICE = "invoice"
    PAYMENT = "payment"
    REFUND = "refund"
    VOID = "void"


class AccountEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One movement. `change` is what it adds to what is owed; `number` is that of the document it is about."""

    day: date
    movement: Movement
    number: str
    change: int

"""What a customer owes, movement by movement."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Self

import msgspec


class Movement(StrEnum):
    """What changes what a customer owes: invoices and refunds add to it, credit notes and payments take off."""

    CREDIT_NOTE = "credit_note"
    INVOICE = "invoice"
    PAYMENT = "payment"
    REFUND = "refund"


ADDS = frozenset({Movement.INVOICE, Movement.REFUND})


class AccountEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One movement. `amount` is never negative; `number` is that of the document it belongs to."""

    day: date
    movement: Movement
    number: str
    amount: int

    @property
    def change(self) -> int:
        return self.amount if self.movement in ADDS else -self.amount


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A customer's account in one currency over a period, both days included. Balances are what the customer owes."""

    opening: int
    entries: tuple[AccountEntry, ...]

    @classmethod
    def of(cls, entries: Iterable[AccountEntry], *, begin: date, end: date) -> Self:
        """The account of the period: what came before is its opening balance, what came later is left out."""
        in_order = sorted(entries, key=lambda entry: entry.day)
        return cls(
            opening=sum(entry.change for entry in in_order if entry.day < begin),
            entries=tuple(entry for entry in in_order if begin <= entry.day <= end),
        )

    @property
    def closing(self) -> int:
        return self.opening + sum(entry.change for entry in self.entries)

"""What the provider keeps for itself of a charge, a refund or a dispute, by the lines of its own balance."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID, uuid5

import msgspec

from domains.payments.ledger import Account, EntryKind, Ledger, entry
from domains.shared.work import UnitOfWork

_LINES = uuid5(UUID(int=0), "balance.stripe.com")
_AT_ONCE = 500


class FeeTold(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the provider's balance that bears a fee; one that comes back is negative.

    `about` is its id of the charge, the refund or the dispute; `currency` that of the balance, whatever was paid in.
    """

    line_id: str
    about: str
    amount: int
    currency: str
    at: datetime

    @property
    def source(self) -> UUID:
        """The same for the same line."""
        return uuid5(_LINES, self.line_id)


class Fee(msgspec.Struct, frozen=True):
    """One that is to be booked, and what it is about here."""

    told: FeeTold
    payment_id: UUID
    invoice_id: UUID


class Fees(Protocol):
    """The fees of the tenant to which the work is bound."""

    async def not_booked(self, told: Sequence[FeeTold]) -> Sequence[Fee]:
        """Those about payments of the tenant's that are not in the ledger."""
        ...


class FeeBooking:
    """A step of others: enters fees into the ledger, each once, in a work of its own."""

    def __init__(self, fees: Fees, ledger: Ledger, work: UnitOfWork) -> None:
        self.fees = fees
        self.ledger = ledger
        self.work = work

    async def book(self, told: Sequence[FeeTold]) -> None:
        """What is about nothing of the tenant's is passed over."""
        for begin in range(0, len(told), _AT_ONCE):
            async with self.work:
                for fee in await self.fees.not_booked(told[begin : begin + _AT_ONCE]):
                    await self._enter(fee)

    async def _enter(self, fee: Fee) -> None:
        made = entry(
            EntryKind.FEE_CHARGED,
            fee.told.source,
            (Account.FEES, fee.told.amount),
            (Account.STRIPE, -fee.told.amount),
            invoice=fee.invoice_id,
            payment=fee.payment_id,
            currency=fee.told.currency,
            now=fee.told.at,
        )
        await self.ledger.add(made)

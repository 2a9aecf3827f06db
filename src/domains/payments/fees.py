"""What the provider keeps for itself and pays out, by the lines of its own balance."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID, uuid5

import msgspec

from domains.payments.ledger import Account, EntryKind, Ledger, entry
from domains.shared.work import UnitOfWork

_LINES = uuid5(UUID(int=0), "balance.stripe.com")
_AT_ONCE = 500


class LineTold(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the provider's balance; what comes back is negative. `currency` is that of the balance."""

    line_id: str
    amount: int
    currency: str
    at: datetime

    @property
    def source(self) -> UUID:
        """The same for the same line."""
        return uuid5(_LINES, self.line_id)


class FeeTold(LineTold, frozen=True, kw_only=True):
    """That `amount` was kept. `about` is the provider's id of the charge, the refund or the dispute."""

    about: str


class PayoutTold(LineTold, frozen=True, kw_only=True):
    """That `amount` went to the bank, which cost `fee`."""

    fee: int


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

    async def began(self) -> datetime | None:
        """The second in which the first payment came by the tenant's own account: providers count whole ones."""
        ...


class BalanceBooking:
    """A step of others: enters lines of the provider's balance into the ledger, each once, in works of its own."""

    def __init__(self, fees: Fees, ledger: Ledger, work: UnitOfWork) -> None:
        self.fees = fees
        self.ledger = ledger
        self.work = work

    async def book_fees(self, told: Sequence[FeeTold]) -> None:
        """What is about nothing of the tenant's is passed over."""
        for begin in range(0, len(told), _AT_ONCE):
            async with self.work:
                for fee in await self.fees.not_booked(told[begin : begin + _AT_ONCE]):
                    await self._enter_fee(fee)

    async def book_payouts(self, told: Sequence[PayoutTold]) -> None:
        """Those of the tenant's own account, since money came into it by us: before, it was none of ours."""
        async with self.work:
            began = await self.fees.began()
            for payout in told:
                if began is not None and payout.at >= began:
                    await self._enter_payout(payout)

    async def _enter_fee(self, fee: Fee) -> None:
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

    async def _enter_payout(self, payout: PayoutTold) -> None:
        made = entry(
            EntryKind.PAYOUT_MADE if payout.amount > 0 else EntryKind.PAYOUT_RETURNED,
            payout.source,
            (Account.BANK, payout.amount),
            (Account.FEES, payout.fee),
            (Account.STRIPE, -payout.amount - payout.fee),
            currency=payout.currency,
            now=payout.at,
        )
        await self.ledger.add(made)

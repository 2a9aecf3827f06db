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
    """That `amount` was kept. `about` is the provider's id of the charge, the refund or the dispute.

    `exchanged` is what that came to in the currency of the balance, where it was in another; negative where it went.
    """

    about: str
    exchanged: int = 0

    def source_in(self, currency: str) -> UUID:
        """That of what was given or got in the other currency."""
        return uuid5(self.source, currency)


class PayoutTold(LineTold, frozen=True, kw_only=True):
    """That `amount` went to the bank, which cost `fee`."""

    fee: int


class Fee(msgspec.Struct, frozen=True):
    """One that is to be booked, and what it is about here: `amount` of `currency` moved."""

    told: FeeTold
    payment_id: UUID
    invoice_id: UUID
    amount: int
    currency: str

    @property
    def is_exchanged(self) -> bool:
        return self.told.exchanged != 0 and self.told.currency != self.currency


class Fees(Protocol):
    """The fees of the tenant to which the work is bound."""

    async def not_booked(self, told: Sequence[FeeTold]) -> Sequence[Fee]:
        """Those about payments of the tenant's of which the fee, or what was exchanged, is not in the ledger."""
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
        """And what was exchanged. What is about nothing of the tenant's is passed over."""
        for begin in range(0, len(told), _AT_ONCE):
            async with self.work:
                for fee in await self.fees.not_booked(told[begin : begin + _AT_ONCE]):
                    await self._enter_fee(fee)
                    if fee.is_exchanged:
                        await self._enter_exchange(fee)

    async def book_payouts(self, told: Sequence[PayoutTold]) -> None:
        """Those of the tenant's own account, since money came into it by us: before, it was none of ours."""
        async with self.work:
            began = await self.fees.began()
            for payout in told:
                if began is not None and payout.at >= began:
                    await self._enter_payout(payout)

    async def _enter_fee(self, fee: Fee) -> None:
        if fee.told.amount:
            amounts = ((Account.FEES, fee.told.amount), (Account.STRIPE, -fee.told.amount))
            await self._enter(EntryKind.FEE_CHARGED, fee, fee.told.source, fee.told.currency, *amounts)

    async def _enter_exchange(self, fee: Fee) -> None:
        """In each currency: what was given for the other, and what was got for it."""
        given, got = (fee.amount if fee.told.exchanged > 0 else -fee.amount), fee.told.exchanged
        for source, currency, change in (
            (fee.told.source_in(fee.currency), fee.currency, -given),
            (fee.told.source, fee.told.currency, got),
        ):
            amounts = ((Account.STRIPE, change), (Account.EXCHANGE, -change))
            await self._enter(EntryKind.CURRENCY_EXCHANGED, fee, source, currency, *amounts)

    async def _enter(
        self, kind: EntryKind, fee: Fee, source: UUID, currency: str, *amounts: tuple[Account, int]
    ) -> None:
        made = entry(
            kind, source, *amounts, invoice=fee.invoice_id, payment=fee.payment_id, currency=currency, now=fee.told.at
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

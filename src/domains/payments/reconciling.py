"""Holding our books against the provider's: what was lost on the way is applied, what differs is listed."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Protocol
from uuid import UUID

import msgspec
from msgspec import Meta

from domains.payments.fees import BalanceBooking, FeeTold, PayoutTold
from domains.payments.hearing import Hearing
from domains.payments.model import Payment
from domains.payments.provider import Cards, IntentTold, ProviderAccount, ProviderAccounts
from domains.payments.settling import A_DAY, RECONCILE
from domains.payments.status import IntentState
from domains.payments.views import Posted, ProviderId
from domains.shared.clock import Clock, Timestamp
from domains.shared.fields import CurrencyCode
from domains.shared.wire import View
from domains.shared.work import UnitOfWork

_WINDOW = timedelta(days=30)
_OVERLAP = timedelta(hours=1)
_MOST_LISTED = 1_000


class Difference(StrEnum):
    """`unknown_here`: the provider has an intent of ours that we have not. `unknown_there`: the reverse."""

    AMOUNT = "amount"
    STATUS = "status"
    UNKNOWN_HERE = "unknown_here"
    UNKNOWN_THERE = "unknown_there"


class Finding(View, frozen=True):
    """One payment that differs."""

    difference: Difference
    payment_id: UUID | None
    intent_id: ProviderId


class ComparedBalance(View, frozen=True):
    """What the ledger has at the provider in one currency, and what the provider has.

    They differ by what moved at the provider otherwise, and by what was told but is not applied yet.
    """

    currency: CurrencyCode
    here: Posted
    there: Posted


class ReconciliationView(View, frozen=True):
    """The last reconciliation. `replayed` counts events that had been lost, and were applied after it.

    `balances` are those of the business's own account.
    """

    ran_at: Timestamp
    since: Timestamp
    replayed: Annotated[int, Meta(ge=0)]
    findings: Annotated[tuple[Finding, ...], Meta(max_length=_MOST_LISTED)]
    balances: Annotated[tuple[ComparedBalance, ...], Meta(max_length=_MOST_LISTED)]


class Reconciliation(msgspec.Struct, frozen=True, kw_only=True):
    """What one came to. `until`: all that was told before was seen."""

    ran_at: datetime
    since: datetime
    until: datetime
    replayed: int
    findings: tuple[Finding, ...]
    balances: tuple[ComparedBalance, ...] = ()


class Reconciliations(Protocol):
    """The reconciliations of the tenant to which the work is bound: the last one."""

    async def last(self) -> Reconciliation | None: ...

    async def save(self, done: Reconciliation) -> None: ...

    async def by_card_since(self, since: datetime) -> Sequence[Payment]:
        """The payments by card that were made since."""
        ...

    async def balances(self) -> Mapping[str, int]:
        """What the ledger has on the business's own account at the provider, by currency."""
        ...


class ReconciliationQueries(Protocol):
    """The last reconciliation, to be read. Needs `payments:read`."""

    async def last(self) -> ReconciliationView:
        """Raises `NotFound` before the first."""
        ...


class ProviderBook:
    """A step of others: what the provider has told, and what it has. `work` is bound to the tenant after each."""

    def __init__(
        self, accounts: ProviderAccounts, cards: Cards, hearing: Hearing, booking: BalanceBooking, work: UnitOfWork
    ) -> None:
        self.accounts = accounts
        self.cards = cards
        self.hearing = hearing
        self.booking = booking
        self.work = work

    async def present(self) -> Sequence[ProviderAccount]:
        """The accounts that there are, inside the work."""
        found = (await self.accounts.own(), self.accounts.platform())
        return [account for account in found if account is not None]

    async def replay(self, tenant: UUID, account: ProviderAccount, since: datetime) -> int:
        """Keep each event of the tenant that is not there, and say how many those were."""
        replayed = 0
        async for body in self.cards.events(account, since=since):
            replayed += await self.hearing.again(tenant, body, own=account.is_own)
        self.work.within(tenant)
        return replayed

    async def book_lines(self, account: ProviderAccount, since: datetime) -> None:
        """Book what the provider kept of the tenant's payments, and paid out to the tenant, as far as it is not.

        What it pays out of the platform's account is of all tenants together.
        """
        lines = [line async for line in self.cards.lines(account, since=since)]
        await self.booking.book_fees([line for line in lines if isinstance(line, FeeTold)])
        if account.is_own:
            await self.booking.book_payouts([line for line in lines if isinstance(line, PayoutTold)])

    async def balances(self, account: ProviderAccount) -> Mapping[str, int]:
        """What the provider has, by currency."""
        return await self.cards.balances(account)

    async def intents(self, tenant: UUID, account: ProviderAccount, since: datetime) -> Mapping[str, IntentTold]:
        """Those of the tenant, by their ids."""
        return {
            told.intent_id: told
            async for owner, told in self.cards.intents(account, since=since)
            if owner == tenant or (owner is None and account.is_own)
        }


class Reconciling:
    """Asks the provider what it told, and what it has."""

    def __init__(self, reconciliations: Reconciliations, book: ProviderBook, clock: Clock, work: UnitOfWork) -> None:
        self.reconciliations = reconciliations
        self.book = book
        self.clock = clock
        self.work = work

    async def nightly(self, tenant: UUID) -> None:
        """Reconcile, and plan the next night's."""
        async with self.work:
            self.work.later(RECONCILE, tenant, at=self.clock.now() + A_DAY)
        await self.run(tenant)

    async def run(self, tenant: UUID) -> Reconciliation:
        """Keep each event that is not there, book each fee, and compare each intent of the last 30 days.

        What was kept is applied by the worker after this; what differs until then is listed all the same.
        """
        now = self.clock.now()
        async with self.work:
            last = await self.reconciliations.last()
            accounts = await self.book.present()
        since = max(last.until - _OVERLAP, now - _WINDOW) if last else now - _WINDOW
        replayed, findings, balances = 0, list[Finding](), tuple[ComparedBalance, ...]()
        for account in accounts:
            replayed += await self.book.replay(tenant, account, since)
            await self.book.book_lines(account, now - _WINDOW)
            findings += await self._compared(tenant, account, now - _WINDOW)
            if account.is_own:
                balances = await self._compared_balances(account)
        found = tuple(findings[:_MOST_LISTED])
        done = Reconciliation(
            ran_at=now, since=since, until=now, replayed=replayed, findings=found, balances=balances
        )  # fmt: skip
        async with self.work:
            await self.reconciliations.save(done)
        return done

    async def _compared_balances(self, account: ProviderAccount) -> tuple[ComparedBalance, ...]:
        there = await self.book.balances(account)
        async with self.work:
            here = await self.reconciliations.balances()
        currencies = sorted(currency for currency in {*here, *there} if here.get(currency) or there.get(currency))
        return tuple(
            ComparedBalance(currency=each, here=here.get(each, 0), there=there.get(each, 0)) for each in currencies
        )

    async def _compared(self, tenant: UUID, account: ProviderAccount, since: datetime) -> list[Finding]:
        """What differs of those made since. Both sides tell an hour more: a payment is a row before it is an intent."""
        there = await self.book.intents(tenant, account, since - _OVERLAP)
        async with self.work:
            ours = await self.reconciliations.by_card_since(since - _OVERLAP)
        here = {payment.intent_id: payment for payment in ours if payment.own_account is account.is_own}
        found = [
            Finding(difference=Difference.UNKNOWN_HERE, payment_id=told.payment, intent_id=told.intent_id)
            for told in there.values()
            if told.intent_id not in here and told.payment is not None and told.at >= since
        ]
        for intent_id, payment in here.items():
            told = there.get(intent_id or "")
            is_early = told is None and payment.created_at < since
            if intent_id and not is_early and (difference := _difference(payment, told)):
                found.append(Finding(difference=difference, payment_id=payment.id, intent_id=intent_id))
        return found


def _difference(payment: Payment, told: IntentTold | None) -> Difference | None:
    if told is None:
        return Difference.UNKNOWN_THERE
    if payment.is_received is not (told.state is IntentState.SUCCEEDED):
        return Difference.STATUS
    return Difference.AMOUNT if payment.amount != told.amount else None

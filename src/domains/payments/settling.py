"""What the provider was asked for, and what became of it. In a work of its own, apart from the request's."""

from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from domains.invoices import Invoices
from domains.payments.errors import ProviderError
from domains.payments.model import Payment, Refund
from domains.payments.news import News
from domains.payments.ports import Payments
from domains.payments.provider import Cards, OpenIntent, ProviderAccounts, RefundTold
from domains.payments.status import IntentState
from domains.shared.clock import Clock
from domains.shared.errors import FeatureDisabled
from domains.shared.vendors import Refused, TryLater
from domains.shared.work import UnitOfWork

SETTLE_INTENT = "payments.settle_intent"
SETTLE_REFUND = "payments.settle_refund"
WITHDRAW_AFTER = "payments.withdraw_after"
WITHDRAW_INTENT = "payments.withdraw_intent"
RECONCILE = "payments.reconcile"
A_DAY = timedelta(days=1)
FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=1)
_KEY_IS_KNOWN = timedelta(hours=23)
_IN_VAIN = (FeatureDisabled, ProviderError, TryLater)


class Settling:
    """Asks the provider, and stores what it says.

    Each request bears its row's id as the provider's idempotency key, so that asking again, by whomever, does it once.
    """

    def __init__(
        self, payments: Payments, accounts: ProviderAccounts, cards: Cards, news: News, work: UnitOfWork
    ) -> None:
        self.payments = payments
        self.accounts = accounts
        self.cards = cards
        self.news = news
        self.work = work

    def within(self, tenant: UUID) -> Self:
        """The same for `tenant`, where it was found on the way."""
        self.work.within(tenant)
        return self

    async def intent(self, payment_id: UUID) -> OpenIntent | None:
        """Have the intent of a payment, made if need be. None where it is over without one, or is refused.

        An intent that the provider does not know any more, such as one of another account, is over by that.
        """
        async with self.work:
            payment = await self.payments.read(payment_id)
            if payment is None or not (payment.is_open or payment.intent_id):
                return None
            account = await self.accounts.one(own=payment.own_account)
            tenant = self.accounts.tenant()
        try:
            if payment.intent_id is not None:
                return await self.cards.retrieve(account, payment.intent_id)
            made = await self.cards.create(account, payment, tenant=tenant)
        except Refused as refusal:
            await self._give_up(payment, refusal.reason)
            return None
        async with self.work:
            await self.news.take(made.told, own=payment.own_account)
        return made

    async def why_not(self, payment_id: UUID) -> str:
        """Why a payment has no intent, for whoever asked for it."""
        async with self.work:
            payment = await self.payments.read(payment_id)
        if payment is None or payment.failure_code is None:
            return "This payment is over: ask again."
        return f"The provider does not take it: {payment.failure_code}."

    async def cancel(self, payment: Payment) -> bool:
        """Have the intent of a payment cancelled. False where it is paid, or about to be.

        Where its account is not there any more, it is over for us: nothing of it can be asked or heard.
        """
        try:
            made = await self.intent(payment.id)
        except FeatureDisabled:
            await self._give_up(payment, "account_gone")
            return True
        if made is None:
            return True
        async with self.work:
            account = await self.accounts.one(own=payment.own_account)
        told = await self.cards.cancel(account, made.told.intent_id)
        async with self.work:
            await self.news.take(told, own=payment.own_account)
        return told.state is IntentState.CANCELLED

    async def refund(self, refund_id: UUID) -> Refund | None:
        """Have a refund made: as it is then. One that is settled is left alone; one that is refused has failed."""
        async with self.work:
            refund = await self.payments.refund(refund_id)
            payment = await self.payments.read(refund.payment_id) if refund else None
            if refund is None or payment is None or payment.intent_id is None or refund.is_settled:
                return refund
            account = await self.accounts.one(own=payment.own_account)
        told: RefundTold | None = None
        reason = ""
        try:
            told = await self.cards.refund(account, refund, intent_id=payment.intent_id)
        except Refused as refusal:
            reason = refusal.reason
        async with self.work:
            if told is None:
                await self.news.refuse(refund_id, reason)
            else:
                await self.news.take(told, own=payment.own_account)
            return await self.payments.refund(refund_id)

    async def _give_up(self, payment: Payment, reason: str) -> None:
        async with self.work:
            await self.news.abandon(payment.id, reason)


class Resettling:
    """What is left of requests that got no answer, or whose process died."""

    def __init__(
        self, settling: Settling, payments: Payments, invoices: Invoices, clock: Clock, work: UnitOfWork
    ) -> None:
        self.settling = settling
        self.payments = payments
        self.invoices = invoices
        self.clock = clock
        self.work = work

    async def intent(self, payment_id: UUID) -> None:
        """Ask again for an intent, later each time up to an hour, for 23 hours; then it is raised.

        So long the provider knows the key: whether it has made one is not found out by asking after that.
        """
        async with self.work:
            payment = await self.payments.read(payment_id)
        if payment is None or payment.intent_id is not None or not payment.is_open:
            return
        try:
            await self.settling.intent(payment_id)
        except _IN_VAIN:
            await self._put_off(SETTLE_INTENT, payment_id, since=payment.created_at)

    async def refund(self, refund_id: UUID) -> None:
        """The same of a refund."""
        async with self.work:
            refund = await self.payments.refund(refund_id)
        if refund is None or refund.is_settled or refund.refund_id is not None:
            return
        try:
            await self.settling.refund(refund_id)
        except _IN_VAIN:
            await self._put_off(SETTLE_REFUND, refund_id, since=refund.created_at)

    async def withdraw(self, invoice_id: UUID) -> None:
        """End the open intent of an invoice of which less is due than it asks for. What is being paid is let be."""
        async with self.work:
            invoice = await self.invoices.for_change(invoice_id)
            payment = await self.payments.open_of(invoice_id)
        if payment is not None and (not invoice.is_open or payment.amount > invoice.amount_due):
            await self.settling.cancel(payment)

    async def _put_off(self, kind: str, subject: UUID, *, since: datetime) -> None:
        now = self.clock.now()
        async with self.work:
            if now - since < _KEY_IS_KNOWN:
                self.work.later(kind, subject, at=now + min(max(now - since, FIRST_WAIT), _LONGEST_WAIT))
            else:
                await self.payments.raise_doubt(subject)

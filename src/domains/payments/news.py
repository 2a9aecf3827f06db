"""What a provider tells of intents, refunds and disputes. A step of others, inside their work.

The same news again, and news in any order, come to the same: what is final stays, and each movement is booked once.
"""

from uuid import UUID

from domains.inbox import Arrivals, NotYet, Routes
from domains.invoices import Invoice
from domains.payments.bookkeeping import Bookkeeping
from domains.payments.disputing import Disputing
from domains.payments.events import (
    PaymentCancelled,
    PaymentCreated,
    PaymentFailed,
    PaymentRefunded,
    PaymentSucceeded,
    RefundFailed,
)
from domains.payments.model import Payment, Refund
from domains.payments.ports import Payments
from domains.payments.provider import DisputeTold, IntentTold, RefundTold, Told
from domains.payments.status import IntentState, RefundReason, RefundStatus
from domains.shared.clock import Clock
from domains.shared.work import UnitOfWork

MAIL_RECEIPT = "payments.mail_receipt"
INTENT_ROUTE = "stripe_intent"


class Knowing:
    """Has what came before its time applied, and finds the business of what comes later. A step of others."""

    def __init__(self, arrivals: Arrivals, routes: Routes) -> None:
        self.arrivals = arrivals
        self.routes = routes

    async def intent(self, payment: Payment, intent_id: str) -> None:
        """The provider's id is known from here on."""
        if not payment.own_account:
            await self.routes.add(INTENT_ROUTE, intent_id, payment.id)
        await self.arrivals.tell(f"payment:{intent_id}")

    async def paid(self, intent_id: str) -> None:
        """It is money from here on."""
        await self.arrivals.tell(f"money:{intent_id}")


class News:
    """Takes in what was told, whoever brings it: a webhook, an answer, the reconciliation."""

    def __init__(
        self,
        payments: Payments,
        bookkeeping: Bookkeeping,
        knowing: Knowing,
        clock: Clock,
        work: UnitOfWork,
    ) -> None:
        self.payments = payments
        self.bookkeeping = bookkeeping
        self.knowing = knowing
        self.clock = clock
        self.work = work
        self.disputing = Disputing(payments, bookkeeping, clock, work)

    async def take(self, told: Told, *, own: bool) -> None:
        """Take in one piece of news of the business's `own` account, or of the platform's.

        Raise `NotYet`, before any change, for what is about something that is not here yet.
        """
        match told:
            case IntentTold():
                await self._intent(told, own=own)
            case RefundTold():
                await self._refund(told, own=own)
            case DisputeTold():
                await self._dispute(told, own=own)

    async def _intent(self, told: IntentTold, *, own: bool) -> None:
        found = await self.payments.by_intent(told.intent_id)
        if found is None and told.payment is not None:
            found = await self.payments.read(told.payment)
        if found is None:
            return
        payment, invoice = await self._locked(found)
        if payment.own_account is not own or not told.is_about(payment):
            return
        now = self.clock.now()
        if payment.intent_id is None:
            payment.know(told.intent_id, now=now)
            await self.knowing.intent(payment, told.intent_id)
            self.work.record(PaymentCreated.about(payment))
        payment.charge_id = told.charge_id or payment.charge_id
        if payment.hear(told.state, at=told.at, failure_code=told.failure_code, now=now):
            await self._follow(payment, invoice, told)
        await self.payments.save(payment)

    async def _follow(self, payment: Payment, invoice: Invoice, told: IntentTold) -> None:
        match told.state:
            case IntentState.SUCCEEDED:
                payment.amount = told.amount
                await self.bookkeeping.received(payment, invoice)
                self.work.record(PaymentSucceeded.about(payment, applied=payment.applied_amount))
                self.work.later(MAIL_RECEIPT, payment.id, at=self.clock.now())
                await self.knowing.paid(told.intent_id)
            case IntentState.FAILED:
                self.work.record(PaymentFailed.about(payment))
            case IntentState.CANCELLED:
                self.work.record(PaymentCancelled.about(payment))
            case _:
                pass

    async def _refund(self, told: RefundTold, *, own: bool) -> None:
        money = await self._of_money(told.intent_id, own=own)
        if money is None:
            return
        payment, invoice = money
        refund = await self.payments.refund_told(told.refund_id)
        if refund is None and told.refund is not None:
            refund = await self.payments.refund(told.refund)
        if refund is None or not told.is_about(refund, payment):
            refund = await self._elsewhere(told, payment)
        refund.refund_id = told.refund_id
        if told.status is RefundStatus.SUCCEEDED and refund.status is RefundStatus.PENDING:
            refund.settle(told.status, now=self.clock.now())
            await self.bookkeeping.returned(refund, payment, invoice)
            self.work.record(PaymentRefunded.about(payment, amount=refund.amount, refund_id=refund.id))
        elif told.status is RefundStatus.FAILED and refund.status is not RefundStatus.FAILED:
            await self._fail(refund, payment, invoice, told.failure_code)
        await self.payments.save_refund(refund)
        await self.payments.save(payment)

    async def _elsewhere(self, told: RefundTold, payment: Payment) -> Refund:
        """One that was made at the provider, by somebody there."""
        refund = Refund.of(payment, told.amount, reason=RefundReason.OTHER, now=self.clock.now())
        payment.set_aside(told.amount, now=self.clock.now())
        await self.payments.add_refund(refund)
        return refund

    async def abandon(self, payment_id: UUID, code: str) -> None:
        """Give up a payment that the provider refuses to take."""
        found = await self.payments.read(payment_id)
        if found is None:
            return
        payment, _ = await self._locked(found)
        now = self.clock.now()
        if payment.hear(IntentState.CANCELLED, at=now, failure_code=None, now=now):
            payment.failure_code = code
            await self.payments.save(payment)
            self.work.record(PaymentCancelled.about(payment))

    async def refuse(self, refund_id: UUID, code: str) -> None:
        """Give up a refund that the provider refuses."""
        known = await self.payments.refund(refund_id)
        found = await self.payments.read(known.payment_id) if known else None
        if known is None or found is None:
            return
        payment, invoice = await self._locked(found)
        refund = await self.payments.refund(refund_id)
        if refund is not None and refund.status is RefundStatus.PENDING:
            await self._fail(refund, payment, invoice, code)
            await self.payments.save_refund(refund)
            await self.payments.save(payment)

    async def _fail(self, refund: Refund, payment: Payment, invoice: Invoice, code: str | None) -> None:
        if refund.status is RefundStatus.SUCCEEDED:
            await self.bookkeeping.came_back(refund, payment, invoice)
        refund.settle(RefundStatus.FAILED, failure_code=code, now=self.clock.now())
        payment.take_again(refund.amount, now=self.clock.now())
        self.work.record(RefundFailed.about(payment, amount=refund.amount, refund_id=refund.id))

    async def _dispute(self, told: DisputeTold, *, own: bool) -> None:
        money = await self._of_money(told.intent_id, own=own)
        if money is not None:
            await self.disputing.follow(told, *money)

    async def _of_money(self, intent_id: str, *, own: bool) -> tuple[Payment, Invoice] | None:
        """The payment of an intent that has succeeded, and its invoice, locked; None for one that is not ours.

        Raise `NotYet` while there is one of ours whose id is not known, or that is not told to be paid.
        """
        found = await self.payments.by_intent(intent_id)
        if found is None:
            if await self.payments.is_asking():
                raise NotYet(f"payment:{intent_id}")
            return None
        if found.own_account is not own:
            return None
        payment, invoice = await self._locked(found)
        if not payment.is_received:
            raise NotYet(f"money:{intent_id}")
        return payment, invoice

    async def _locked(self, found: Payment) -> tuple[Payment, Invoice]:
        invoice = await self.bookkeeping.invoice(found.invoice_id)
        return await self.payments.for_change(found.id), invoice

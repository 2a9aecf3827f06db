"""Giving money back."""

from uuid import UUID

import msgspec

from domains.payments.bookkeeping import Bookkeeping
from domains.payments.commands import RefundPayment
from domains.payments.errors import ProviderError
from domains.payments.events import PaymentRefunded
from domains.payments.model import Refund
from domains.payments.ports import Payments
from domains.payments.provider import ProviderAccounts
from domains.payments.settling import FIRST_WAIT, SETTLE_REFUND, Settling
from domains.payments.status import PaymentMethod, RefundStatus
from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.errors import FeatureDisabled, InvalidTransition, NotFound
from domains.shared.idempotency import idempotent
from domains.shared.permissions import Permission
from domains.shared.vendors import TryLater
from domains.shared.work import UnitOfWork


class Returning:
    """A step of others, inside their work: the row of what goes back."""

    def __init__(
        self, payments: Payments, accounts: ProviderAccounts, bookkeeping: Bookkeeping, clock: Clock, work: UnitOfWork
    ) -> None:
        self.payments = payments
        self.accounts = accounts
        self.bookkeeping = bookkeeping
        self.clock = clock
        self.work = work

    async def begin(self, payment_id: UUID, order: RefundPayment) -> Refund:
        """Set it aside; what was not taken by card has gone back with that."""
        found = await self.payments.read(payment_id)
        if found is None:
            raise NotFound.one("payment")
        invoice = await self.bookkeeping.invoice(found.invoice_id)
        payment = await self.payments.for_change(payment_id)
        before, now = msgspec.structs.replace(payment), self.clock.now()
        amount = payment.refundable if order.amount is None else order.amount
        if amount == 0:
            raise InvalidTransition("Nothing is left to refund.")
        payment.give_back(amount, now=now)
        refund = Refund.of(payment, amount, reason=order.reason, now=now)
        if payment.method is PaymentMethod.CARD:
            await self.accounts.one(own=payment.own_account)
            self.work.later(SETTLE_REFUND, refund.id, at=now + FIRST_WAIT)
        else:
            refund.status = RefundStatus.SUCCEEDED
            await self.bookkeeping.returned(refund, payment, invoice)
            self.work.record(PaymentRefunded.about(payment, amount=amount, refund_id=refund.id))
        await self.payments.add_refund(refund)
        await self.payments.save(payment)
        self.work.note(Note(action="payment.refunded", subject=payment.id, before=before, after=payment))
        return refund


class Refunding:
    """Gives payments back, in whole or in part."""

    def __init__(self, actor: Actor, returning: Returning, settling: Settling, work: UnitOfWork) -> None:
        self.actor = actor
        self.returning = returning
        self.settling = settling
        self.work = work

    async def refund(self, payment_id: UUID, order: RefundPayment) -> Refund:
        """Give back all that is left of a payment, or `amount` of it.

        - More than is left is `overrefund`; what was not received, and what is disputed, is `invalid_transition`.
        - What came by card goes back to the card: `pending` until the provider has said so. Otherwise staff hand it
          over, and it has `succeeded`. Where the account is not connected any more by which it came, it is
          `feature_disabled`.
        - The invoice is paid less by it, and is not reminded of because of it. A credit note is made for itself.
        """
        self.actor.must(Permission.PAYMENTS_REFUND)
        refund = await self._begun(payment_id, order)
        if refund.status is not RefundStatus.PENDING:
            return refund
        try:
            return await self.settling.refund(refund.id) or refund
        except (FeatureDisabled, ProviderError, TryLater):
            return refund

    @idempotent
    async def _begun(self, payment_id: UUID, order: RefundPayment) -> Refund:
        async with self.work:
            return self.work.result(await self.returning.begin(payment_id, order))

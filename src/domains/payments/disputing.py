"""Disputes, as the provider tells of them: opened, decided, opened again, and decided otherwise."""

from domains.invoices import Invoice
from domains.payments.bookkeeping import Bookkeeping
from domains.payments.disputes import Dispute
from domains.payments.events import DisputeClosed, PaymentDisputed
from domains.payments.model import Payment
from domains.payments.ports import Payments
from domains.payments.provider import DisputeTold
from domains.payments.status import DisputeStatus
from domains.shared.clock import Clock
from domains.shared.work import UnitOfWork


class Disputing:
    """A step of others, inside their work and with the invoice and the payment locked."""

    def __init__(self, payments: Payments, bookkeeping: Bookkeeping, clock: Clock, work: UnitOfWork) -> None:
        self.payments = payments
        self.bookkeeping = bookkeeping
        self.clock = clock
        self.work = work

    async def follow(self, told: DisputeTold, payment: Payment, invoice: Invoice) -> None:
        """Book what is news of a dispute: told in any order, it comes to the same in each account.

        - Who hears of a decision hears by it that there was something to decide: also of what was won already.
        - What is lost stays so until it is won: money that is gone is not held again.
        """
        dispute = await self.payments.dispute(told.dispute_id)
        if dispute is None:
            dispute = Dispute.of(payment, told.amount, dispute_id=told.dispute_id, now=self.clock.now())
            await self._open(dispute, payment)
        elif dispute.is_overtaken(told.status, at=told.at):
            return
        elif dispute.is_won and told.status is not DisputeStatus.WON:
            dispute.turn += 1
            await self._open(dispute, payment)
        if told.status not in {DisputeStatus.OPEN, dispute.status}:
            await self._decide(dispute, told.status, payment, invoice)
        dispute.told_at, dispute.updated_at = told.at, self.clock.now()
        await self.payments.save_dispute(dispute)
        payment.dispute(disputed=await self.payments.is_disputed(payment.id), now=self.clock.now())
        await self.payments.save(payment)

    async def _open(self, dispute: Dispute, payment: Payment) -> None:
        dispute.status = DisputeStatus.OPEN
        await self.bookkeeping.disputed(dispute, payment)
        self.work.record(PaymentDisputed.about(payment, amount=dispute.amount))

    async def _decide(self, dispute: Dispute, status: DisputeStatus, payment: Payment, invoice: Invoice) -> None:
        was_lost, dispute.status = dispute.is_lost, status
        if was_lost:
            payment.lost_amount -= dispute.amount
            await self.bookkeeping.recovered(dispute, payment, invoice)
        else:
            payment.lost_amount += dispute.amount if dispute.is_lost else 0
            await self.bookkeeping.decided(dispute, payment, invoice)
        self.work.record(DisputeClosed.about(payment, amount=dispute.amount, won=dispute.is_won))

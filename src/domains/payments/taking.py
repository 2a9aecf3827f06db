"""Money that came otherwise than by card: cash, cheques, transfers."""

from datetime import date
from uuid import UUID

from domains.billing import BillingSettings
from domains.invoices import Invoice, Invoices
from domains.payments.bookkeeping import Bookkeeping, must_owe
from domains.payments.commands import RecordPayment
from domains.payments.events import PaymentSucceeded
from domains.payments.model import Claim, Payment
from domains.payments.news import MAIL_RECEIPT
from domains.payments.ports import Payments
from domains.payments.settling import WITHDRAW_INTENT
from domains.payments.status import PaymentMethod
from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.errors import ValidationFailed
from domains.shared.idempotency import idempotent
from domains.shared.permissions import Permission
from domains.shared.work import UnitOfWork


class TillKeeping:
    """A step of others, inside their work: one payment that staff tell of."""

    def __init__(
        self, payments: Payments, settings: BillingSettings, bookkeeping: Bookkeeping, clock: Clock, work: UnitOfWork
    ) -> None:
        self.payments = payments
        self.settings = settings
        self.bookkeeping = bookkeeping
        self.clock = clock
        self.work = work

    async def of_rest(self, invoice: Invoice) -> None:
        """The `Settlement` of invoices: all that is due has come, staff do not say how."""
        await self.take(invoice, None)

    async def take(self, invoice: Invoice, order: RecordPayment | None) -> Payment:
        """Store it, and have the invoice take it; without an order, all that is due."""
        now = self.clock.now()
        today = (await self.settings.defaults()).day_of(now)
        amount = order.amount if order else invoice.amount_due
        must_owe(invoice, amount)
        payment = Payment.taken(
            Claim(invoice.id, invoice.customer_id, amount, invoice.currency),
            method=PaymentMethod(order.method) if order else PaymentMethod.OTHER,
            received_on=_past(order.received_on, today) if order and order.received_on else today,
            note=order.note if order else None,
            now=now,
        )
        await self.payments.add(payment)
        await self.bookkeeping.received(payment, invoice)
        await self.payments.save(payment)
        self.work.record(PaymentSucceeded.about(payment, applied=payment.applied_amount))
        self.work.later(MAIL_RECEIPT, payment.id, at=now)
        self.work.later(WITHDRAW_INTENT, invoice.id, at=now)
        self.work.note(Note(action="payment.recorded", subject=payment.id, after=payment))
        return payment


class Taking:
    """Records payments that came otherwise."""

    def __init__(self, actor: Actor, invoices: Invoices, till: TillKeeping, work: UnitOfWork) -> None:
        self.actor = actor
        self.invoices = invoices
        self.till = till
        self.work = work

    @idempotent
    async def record(self, invoice_id: UUID, order: RecordPayment) -> Payment:
        """Record a payment of an invoice in cash, by cheque, by transfer or otherwise.

        - More than is due is `overpayment`; a draft and what is over is `invalid_transition`.
        - `receivedOn` is not in the future. Cards are taken by an intent.
        """
        self.actor.must(Permission.PAYMENTS_WRITE)
        async with self.work:
            invoice = await self.invoices.for_change(invoice_id)
            return self.work.result(await self.till.take(invoice, order))


def _past(day: date, today: date) -> date:
    if not day.year >= 2000 or day > today:  # noqa: PLR2004 - the first year that documents know
        raise ValidationFailed.of("receivedOn", "out_of_range", "Expected a day that has come, since 2000.")
    return day

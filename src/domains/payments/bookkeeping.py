"""What a movement of money does to its invoice, and to the ledger. A step of others, inside their work."""

from uuid import UUID

from domains.invoices import Invoice, Overpayment, Receivables
from domains.payments.disputes import Dispute
from domains.payments.ledger import Account, EntryKind, Ledger, entry
from domains.payments.model import Parts, Payment, Refund
from domains.payments.status import DisputeStatus, PaymentMethod
from domains.shared.clock import Clock
from domains.shared.errors import InvalidTransition


class Bookkeeping:
    """Invoice, payment and ledger change together. The invoice is locked by the caller, before the payment."""

    def __init__(self, receivables: Receivables, ledger: Ledger, clock: Clock) -> None:
        self.receivables = receivables
        self.ledger = ledger
        self.clock = clock

    async def invoice(self, invoice_id: UUID) -> Invoice:
        """The invoice, locked until the work ends. Raises `NotFound`."""
        return await self.receivables.invoices.for_change(invoice_id)

    async def received(self, payment: Payment, invoice: Invoice) -> None:
        """The invoice takes what is due; what is beyond that stays unapplied, to be refunded."""
        applied = min(payment.amount, invoice.amount_due) if invoice.is_open else 0
        payment.apply(applied)
        if applied:
            await self.receivables.receive(invoice, applied)
        await self._enter(
            EntryKind.PAYMENT_RECEIVED,
            payment,
            (_money(payment), payment.amount),
            (Account.RECEIVABLE, -applied),
            (Account.UNAPPLIED, applied - payment.amount),
        )

    async def returned(self, refund: Refund, payment: Payment, invoice: Invoice) -> None:
        """It went back. What the invoice did not take goes first."""
        parts = await self._take(payment, invoice, refund.amount)
        refund.taken_back = parts.applied
        amounts = (*_against(parts), (_money(payment), -refund.amount))
        await self._enter(EntryKind.REFUND_SUCCEEDED, payment, *amounts, source=refund.id)

    async def came_back(self, refund: Refund, payment: Payment, invoice: Invoice) -> None:
        """A refund that was booked came to nothing: the invoice has again what it lost, as far as that is due.

        A loss is made good before.
        """
        amounts = await self._regain(refund, payment, invoice)
        await self._enter(EntryKind.REFUND_FAILED, payment, *amounts, source=refund.id)

    async def disputed(self, dispute: Dispute, payment: Payment) -> None:
        """The provider holds it until the dispute is decided."""
        await self._enter(
            EntryKind.DISPUTE_OPENED,
            payment,
            (Account.DISPUTED, dispute.amount),
            (_money(payment), -dispute.amount),
            source=dispute.source,
        )

    async def decided(self, dispute: Dispute, payment: Payment, invoice: Invoice) -> None:
        """What is won is there again; what is lost, the invoice loses, and the business what is beyond its payment."""
        if dispute.status is DisputeStatus.WON:
            back = ((_money(payment), dispute.amount), (Account.DISPUTED, -dispute.amount))
            await self._enter(EntryKind.DISPUTE_WON, payment, *back, source=dispute.source)
            return
        parts = await self._take(payment, invoice, dispute.amount)
        dispute.taken_back = parts.applied
        amounts = (*_against(parts), (Account.DISPUTED, -dispute.amount))
        await self._enter(EntryKind.DISPUTE_LOST, payment, *amounts, source=dispute.source)

    async def recovered(self, dispute: Dispute, payment: Payment, invoice: Invoice) -> None:
        """What was lost is won after all: a loss is made good, and the invoice has again what it lost."""
        amounts = await self._regain(dispute, payment, invoice)
        await self._enter(EntryKind.DISPUTE_WON, payment, *amounts, source=dispute.source)

    async def _regain(
        self, back: Refund | Dispute, payment: Payment, invoice: Invoice
    ) -> tuple[tuple[Account, int], ...]:
        """Have what was taken again; the postings of it."""
        due = min(back.taken_back, invoice.amount_due) if invoice.is_open else 0
        parts = payment.regain(back.amount, applied=due)
        if parts.applied:
            await self.receivables.receive(invoice, parts.applied)
        return ((_money(payment), back.amount), *_against(parts, sign=-1))

    async def _take(self, payment: Payment, invoice: Invoice, amount: int) -> Parts:
        parts = payment.lose(amount)
        if parts.applied:
            await self.receivables.take_back(invoice, parts.applied)
        return parts

    async def _enter(
        self,
        kind: EntryKind,
        payment: Payment,
        *amounts: tuple[Account, int],
        source: UUID | None = None,
    ) -> None:
        made = entry(
            kind, source or payment.id, *amounts, invoice=payment.invoice_id, payment=payment.id,
            currency=payment.currency, now=self.clock.now(),
        )  # fmt: skip
        await self.ledger.add(made)


def _money(payment: Payment) -> Account:
    return Account.STRIPE if payment.method is PaymentMethod.CARD else Account.CASH


def _against(parts: Parts, *, sign: int = 1) -> tuple[tuple[Account, int], ...]:
    """The postings of what has gone; `sign` -1: of what is there again."""
    return (
        (Account.RECEIVABLE, sign * parts.applied),
        (Account.UNAPPLIED, sign * parts.unapplied),
        (Account.LOSSES, sign * parts.beyond),
    )


def must_owe(invoice: Invoice, amount: int) -> None:
    """Raise `InvalidTransition` for a draft and what is over, `Overpayment` for more than is due."""
    if not invoice.is_open:
        raise InvalidTransition(f"Nothing is due of it: it is {invoice.status.value}.")
    if amount > invoice.amount_due:
        raise Overpayment(f"Only {invoice.amount_due} is due.")

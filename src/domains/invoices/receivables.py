"""What comes in for invoices, and goes back."""

import copy

from domains.invoices.events import InvoiceDepositPaid, InvoicePaid, InvoicePartiallyPaid, InvoiceReopened
from domains.invoices.model import Invoice
from domains.invoices.ports import Invoices
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.events import Event
from domains.shared.work import UnitOfWork


class Receivables:
    """Steps of those who move money, inside their work and with the invoice locked for change."""

    def __init__(self, invoices: Invoices, clock: Clock, work: UnitOfWork) -> None:
        self.invoices = invoices
        self.clock = clock
        self.work = work

    async def receive(self, invoice: Invoice, amount: int) -> None:
        """Take a payment. `Overpayment` for more than is due; `InvalidTransition` for a draft or a cancelled one."""
        before = copy.copy(invoice)
        invoice.receive(amount, now=self.clock.now())
        if invoice.deposit_paid_at and not before.deposit_paid_at:
            self.work.record(InvoiceDepositPaid.about(invoice))
        await self._keep(before, invoice, _after_payment(invoice))

    async def take_back(self, invoice: Invoice, amount: int) -> None:
        """Count a refund. `ValidationFailed` for more than was paid."""
        before = copy.copy(invoice)
        invoice.take_back(amount, now=self.clock.now())
        await self._keep(before, invoice, InvoiceReopened.about(invoice))

    async def _keep(self, before: Invoice, invoice: Invoice, event: Event) -> None:
        await self.invoices.save(invoice)
        self.work.record(event)
        self.work.note(Note(action=event.type, subject=invoice.id, before=before, after=invoice))


def _after_payment(invoice: Invoice) -> Event:
    return InvoicePaid.about(invoice) if invoice.is_paid else InvoicePartiallyPaid.about(invoice)

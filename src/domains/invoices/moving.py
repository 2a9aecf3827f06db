"""What becomes of an invoice, as staff say: sent under its number, paid, or cancelled."""

import copy
from collections.abc import Collection
from uuid import UUID

from domains.invoices.commands import ChangeInvoiceStatus
from domains.invoices.events import InvoiceCancelled, tax_parts
from domains.invoices.issuing import InvoiceIssuing
from domains.invoices.model import Invoice
from domains.invoices.ports import Invoices, Settlement
from domains.invoices.status import InvoiceStatus
from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.errors import InvalidTransition
from domains.shared.permissions import Permission
from domains.shared.versions import must_be_current
from domains.shared.work import UnitOfWork


class InvoiceMoving:
    """Moves invoices on."""

    def __init__(
        self,
        actor: Actor,
        invoices: Invoices,
        issuing: InvoiceIssuing,
        settlement: Settlement,
        clock: Clock,
        work: UnitOfWork,
    ) -> None:
        self.actor = actor
        self.invoices = invoices
        self.issuing = issuing
        self.settlement = settlement
        self.clock = clock
        self.work = work

    async def move(self, invoice_id: UUID, order: ChangeInvoiceStatus, *, expected: Collection[int] | None) -> Invoice:
        """Move an invoice on: a draft to `sent`, what was sent to `paid`, or to `cancelled`.

        - `sent` gives it a public link and the next number of the business's format; numbers have no gaps. It needs an
          item, and is due after the business's own terms unless it says when; a day that is over is `deadline_passed`.
          Nobody is told: that is what `POST /invoices/{invoiceId}/send` is for.
        - `paid` receives all that is due. `cancelled` is for what nothing was paid or credited of; it keeps its number.
        - It is `partially_paid`, and at the end of its last day `overdue`, by itself.
        - The status that it has already changes nothing; any other way is `invalid_transition`.
        """
        self.actor.must(Permission.INVOICES_WRITE)
        async with self.work:
            invoice = await self.invoices.for_change(invoice_id)
            must_be_current(invoice.version, expected)
            if order.status is invoice.status:
                return invoice
            await self._move(invoice, order.status)
        return invoice

    async def _move(self, invoice: Invoice, status: InvoiceStatus) -> None:
        before, now = copy.copy(invoice), self.clock.now()
        match status:
            case InvoiceStatus.SENT:
                await self.issuing.issue(invoice, now=now)
                self.work.note(Note(action="invoice.issued", subject=invoice.id, before=before, after=invoice))
            case InvoiceStatus.PAID:
                await self.settlement.of_rest(invoice)
            case InvoiceStatus.CANCELLED:
                invoice.cancel(now=now)
                await self.invoices.save(invoice)
                self.work.record(InvoiceCancelled.about(invoice, taxes=tax_parts(invoice.taxes)))
                self.work.note(Note(action="invoice.cancelled", subject=invoice.id, before=before, after=invoice))
            case _:
                raise InvalidTransition(f"What is {invoice.status.value} becomes {status.value} by itself, if at all.")

"""What happens to invoices that nobody pays: they fall due, and their customers are reminded."""

import copy
from datetime import datetime, time, timedelta
from uuid import UUID

from domains.billing import BillingSettings, DocumentDefaults
from domains.invoices.events import InvoiceOverdue, InvoiceReminded
from domains.invoices.issuing import FALL_DUE
from domains.invoices.model import Invoice
from domains.invoices.ports import Invoices
from domains.invoices.sending import InvoiceMailing
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.work import UnitOfWork

REMIND_OF_INVOICE = "invoices.remind"
_AT_NINE = time(9)


class FallingDue:
    """Ends the time to pay."""

    def __init__(self, invoices: Invoices, settings: BillingSettings, clock: Clock, work: UnitOfWork) -> None:
        self.invoices = invoices
        self.settings = settings
        self.clock = clock
        self.work = work

    async def fall_due(self, invoice_id: UUID) -> None:
        """Make an invoice overdue, for its deposit first. Where the business has moved to the west, days are longer."""
        async with self.work:
            invoice, defaults = await self.invoices.find(invoice_id), await self.settings.defaults()
            if invoice is None or invoice.ends_on is None or not invoice.may_fall_due:
                return
            over = defaults.end_of(invoice.ends_on)
            if self.clock.now() < over:
                self.work.later(FALL_DUE, invoice.id, at=over)
                return
            before = copy.copy(invoice)
            invoice.fall_due(now=self.clock.now())
            await self.invoices.save(invoice)
            self.work.record(InvoiceOverdue.about(invoice))
            self.work.note(Note(action="invoice.overdue", subject=invoice.id, before=before, after=invoice))
            if at := next_reminder(invoice, defaults):
                self.work.later(REMIND_OF_INVOICE, invoice.id, at=at)
            if invoice.deposit_overdue:
                self.work.later(FALL_DUE, invoice.id, at=defaults.end_of(invoice.ends_on))


class Dunning:
    """Reminds the customers of what is overdue, by letter."""

    def __init__(
        self,
        invoices: Invoices,
        settings: BillingSettings,
        mailing: InvoiceMailing,
        clock: Clock,
        work: UnitOfWork,
    ) -> None:
        self.invoices = invoices
        self.settings = settings
        self.mailing = mailing
        self.clock = clock
        self.work = work

    async def remind(self, invoice_id: UUID) -> None:
        """Send the next reminder of an invoice that is still overdue, and plan the one after.

        What was paid or credited meanwhile has none. The business's settings count as they are when it is due.
        """
        async with self.work:
            invoice, defaults = await self.invoices.find(invoice_id), await self.settings.defaults()
            at = next_reminder(invoice, defaults) if invoice and invoice.is_overdue else None
            if invoice is None or at is None:
                return
            if self.clock.now() < at:
                self.work.later(REMIND_OF_INVOICE, invoice.id, at=at)
                return
            customer = await self.mailing.reader(invoice)
            invoice.remind(now=self.clock.now())
            await self.invoices.save(invoice)
            self.work.record(InvoiceReminded.about(invoice, reminder=invoice.reminders))
            if following := next_reminder(invoice, defaults):
                self.work.later(REMIND_OF_INVOICE, invoice.id, at=following)
        if customer:
            await self.mailing.mail("invoice_reminder", invoice, customer, business=defaults.business)


def next_reminder(invoice: Invoice, defaults: DocumentDefaults) -> datetime | None:
    """When the customer is reminded next: at nine, so many days after the day that is over. None after the last one."""
    days, since = defaults.invoicing.reminder_days, invoice.late_since
    if since is None or invoice.reminders >= len(days):
        return None
    day = since + timedelta(days=days[invoice.reminders])
    return datetime.combine(day, _AT_NINE, defaults.zone)

"""Putting an invoice out: its number, its link, and the end of its last day."""

from datetime import datetime

from domains.billing import DocumentKind, Publishing, standing_for
from domains.customers import Customers
from domains.invoices.events import InvoiceCreated, InvoiceIssued, InvoicePaid, tax_parts
from domains.invoices.links import InvoiceLinks
from domains.invoices.model import Invoice
from domains.invoices.ports import Invoices
from domains.shared.audit import Note
from domains.shared.work import UnitOfWork

FALL_DUE = "invoices.fall_due"


class InvoiceIssuing:
    """A step of other capabilities, inside their work."""

    def __init__(
        self, publishing: Publishing, invoices: Invoices, customers: Customers, links: InvoiceLinks, work: UnitOfWork
    ) -> None:
        self.publishing = publishing
        self.invoices = invoices
        self.customers = customers
        self.links = links
        self.work = work

    async def draft(self, invoice: Invoice) -> None:
        """Add a draft."""
        await self.invoices.add(invoice)
        self.work.record(InvoiceCreated.about(invoice))
        self.work.note(Note(action="invoice.created", subject=invoice.id, after=invoice))

    async def issue(self, invoice: Invoice, *, now: datetime) -> None:
        """Send a draft, and save it. Its number comes last: others wait for it until the work ends.

        `NotFound` where its customer was erased.
        """
        await standing_for(self.customers, invoice.customer_id)
        defaults = await self.publishing.settings.defaults()
        today = defaults.day_of(now)
        invoice.must_be_sendable(today=today)
        link = await self.publishing.link(invoice, self.links)
        number = await self.publishing.number(DocumentKind.INVOICE, defaults, now=now)
        invoice.issue(number, link, today=today, payment_days=defaults.invoicing.payment_days, now=now)
        await self.invoices.save(invoice)
        self.work.record(InvoiceIssued.about(invoice, taxes=tax_parts(invoice.taxes)))
        if invoice.is_paid:
            self.work.record(InvoicePaid.about(invoice))
        elif invoice.ends_on:
            self.work.later(FALL_DUE, invoice.id, at=defaults.end_of(invoice.ends_on))

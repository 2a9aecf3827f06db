"""Invoices on their way to customers: by mail, and on a page for whoever has the link."""

import copy
from datetime import date
from uuid import UUID

from domains.billing import BillingSettings, DocumentKind, DocumentMailing, PublicLinks, reached
from domains.customers import Customer, Customers
from domains.identity import Letters
from domains.invoices.issuing import InvoiceIssuing
from domains.invoices.links import InvoiceLinks
from domains.invoices.model import Invoice
from domains.invoices.ports import Invoices
from domains.invoices.views import BillView
from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.errors import InvalidTransition
from domains.shared.idempotency import idempotent
from domains.shared.permissions import Permission
from domains.shared.work import UnitOfWork

MAIL_INVOICE = "invoices.mail"


class InvoiceSending:
    """Sends invoices to their customers."""

    def __init__(
        self, actor: Actor, invoices: Invoices, customers: Customers, issuing: InvoiceIssuing, clock: Clock,
        work: UnitOfWork,
    ) -> None:  # fmt: skip
        self.actor = actor
        self.invoices = invoices
        self.customers = customers
        self.issuing = issuing
        self.clock = clock
        self.work = work

    @idempotent
    async def send(self, invoice_id: UUID) -> Invoice:
        """Mail an invoice to its customer, with a link to see it.

        - A draft becomes `sent`, with its number; one that was sent is mailed again, unless it is cancelled:
          `invalid_transition`.
        - The letter goes to the customer's main address, in the customer's language; without an address it is
          `conflict`.
        """
        self.actor.must(Permission.INVOICES_WRITE)
        async with self.work:
            invoice = await self.invoices.for_change(invoice_id)
            await reached(self.customers, invoice.customer_id)
            before, now = copy.copy(invoice), self.clock.now()
            if invoice.is_draft:
                await self.issuing.issue(invoice, now=now)
            elif invoice.cancelled_at is not None:
                raise InvalidTransition("It is cancelled.")
            self.work.later(MAIL_INVOICE, invoice.id, at=now)
            self.work.note(Note(action="invoice.sent", subject=invoice.id, before=before, after=invoice))
            return self.work.result(invoice)


class InvoiceMailing(DocumentMailing):
    """The letters of invoices."""

    def __init__(self, letters: Letters, links: InvoiceLinks, customers: Customers) -> None:
        super().__init__(letters, links, customers)

    async def mail(self, template: str, invoice: Invoice, customer: Customer, *, business: str) -> None:
        words = {"amountDue": str(invoice.amount_due), "dueDate": _written(invoice.due_date), "depositDue": ""}
        if invoice.asks_deposit:
            rest = str(invoice.amount_due - invoice.deposit_due)
            day = _written(invoice.deposit_due_date)
            words |= {"depositDue": str(invoice.deposit_due), "depositDueDate": day, "rest": rest}
        await self.write(template, invoice, customer, business=business, words=words)


class InvoiceLetters:
    """Has the letters written with which invoices go out."""

    def __init__(
        self, invoices: Invoices, settings: BillingSettings, mailing: InvoiceMailing, work: UnitOfWork
    ) -> None:
        self.invoices = invoices
        self.settings = settings
        self.mailing = mailing
        self.work = work

    async def send(self, invoice_id: UUID) -> None:
        """What was cancelled meanwhile, or has nobody and no address any more, is not mailed."""
        async with self.work:
            invoice = await self.invoices.read(invoice_id)
            customer = await self.mailing.reader(invoice)
            business = (await self.settings.defaults()).business
        if customer and invoice.cancelled_at is None:
            await self.mailing.mail("invoice_sent", invoice, customer, business=business)


class InvoiceShowing:
    """Shows invoices to those who have their links."""

    def __init__(self, invoices: Invoices, public: PublicLinks, settings: BillingSettings, work: UnitOfWork) -> None:
        self.invoices = invoices
        self.public = public
        self.settings = settings
        self.work = work

    async def show(self, token: str) -> BillView:
        """Show an invoice to whoever has its link. That of a customer who was erased is `expired`."""
        invoice_id = await self.public.bind(DocumentKind.INVOICE, token)
        async with self.work:
            invoice, defaults = await self.invoices.read(invoice_id), await self.settings.defaults()
        invoice.must_be_shown()
        return BillView.of(invoice, business=defaults.business)


def _written(day: date | None) -> str:
    return day.isoformat() if day else ""

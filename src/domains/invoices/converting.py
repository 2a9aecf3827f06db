"""From what was accepted to what is to be paid."""

import copy
from uuid import UUID

import msgspec

from domains.billing import standing_for
from domains.customers import Customers
from domains.invoices.events import InvoiceCreated
from domains.invoices.model import Invoice
from domains.invoices.ports import Invoices
from domains.quotes import Quote, QuoteConverted, Quotes
from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.idempotency import idempotent
from domains.shared.permissions import Permission
from domains.shared.work import UnitOfWork


class Conversion(msgspec.Struct, frozen=True, kw_only=True):
    """The invoice of a quote, and whether it was made just now. `customer_id` says whose it is."""

    invoice: Invoice
    customer_id: UUID
    is_new: bool


class Converting:
    """Makes invoices of quotes."""

    def __init__(
        self, actor: Actor, quotes: Quotes, invoices: Invoices, customers: Customers, clock: Clock, work: UnitOfWork
    ) -> None:
        self.actor = actor
        self.quotes = quotes
        self.invoices = invoices
        self.customers = customers
        self.clock = clock
        self.work = work

    @idempotent
    async def convert(self, quote_id: UUID) -> Conversion:
        """Make an invoice of an accepted quote: a draft with the items that count, which comes to the same to the cent.

        - Once: later the same invoice is answered, with 200. Deleting the draft makes room for another.
        - A quote that nobody has accepted is `invalid_transition`.
        """
        self.actor.must(Permission.INVOICES_WRITE)
        async with self.work:
            quote = await self.quotes.for_change(quote_id)
            if quote.invoice_id is not None:
                return self._result(await self.invoices.read(quote.invoice_id), is_new=False)
            customer = await standing_for(self.customers, quote.customer_id)
            invoice = Invoice.charging(quote, customer.id, now=self.clock.now())
            await self._keep(quote, invoice)
            return self._result(invoice, is_new=True)

    async def _keep(self, quote: Quote, invoice: Invoice) -> None:
        before = copy.copy(quote)
        quote.convert(invoice.id, now=self.clock.now())
        await self.invoices.add(invoice)
        await self.quotes.save(quote)
        self.work.record(InvoiceCreated.about(invoice))
        self.work.record(QuoteConverted.about(quote))
        self.work.note(Note(action="invoice.created", subject=invoice.id, after=invoice))
        self.work.note(Note(action="quote.converted", subject=quote.id, before=before, after=quote))

    def _result(self, invoice: Invoice, *, is_new: bool) -> Conversion:
        return self.work.result(Conversion(invoice=invoice, customer_id=invoice.customer_id, is_new=is_new))

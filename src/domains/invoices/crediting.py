"""Giving up a part of an invoice, or all that is due of it."""

import copy
from datetime import datetime
from uuid import UUID

from domains.billing import DocumentKind, Publishing
from domains.invoices.commands import CreditInvoice
from domains.invoices.credit_notes import CreditNote
from domains.invoices.events import InvoiceCredited, InvoicePaid, tax_parts
from domains.invoices.model import Invoice
from domains.invoices.ports import CreditNotes, Invoices
from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.idempotency import idempotent
from domains.shared.permissions import Permission
from domains.shared.work import UnitOfWork


class CreditNoting:
    """A step of others, inside their work and with the invoice locked for change."""

    def __init__(self, invoices: Invoices, notes: CreditNotes, publishing: Publishing, work: UnitOfWork) -> None:
        self.invoices = invoices
        self.notes = notes
        self.publishing = publishing
        self.work = work

    async def credit(self, invoice: Invoice, order: CreditInvoice, *, now: datetime) -> CreditNote:
        """Credit what was ordered. Its number comes last: others wait for it until the work ends."""
        before, earlier = copy.copy(invoice), await self.notes.of(invoice.id)
        note = CreditNote.on(invoice, order, before=earlier, number="", now=now)
        invoice.credit(note.total, now=now)
        await self.invoices.save(invoice)
        defaults = await self.publishing.settings.defaults()
        note.number = await self.publishing.number(DocumentKind.CREDIT_NOTE, defaults, now=now)
        await self.notes.add(note)
        taxes = tax_parts(note.taxes)
        told = InvoiceCredited.about(invoice, credit_note_id=note.id, net=note.subtotal, taxes=taxes, total=note.total)
        self.work.record(told)
        if invoice.is_paid and not before.is_paid:
            self.work.record(InvoicePaid.about(invoice))
        self.work.note(Note(action="invoice.credited", subject=invoice.id, before=before, after=invoice))
        self.work.note(Note(action="credit_note.created", subject=note.id, after=note))
        return note


class Crediting:
    """Corrects invoices that were sent."""

    def __init__(self, actor: Actor, invoices: Invoices, noting: CreditNoting, clock: Clock, work: UnitOfWork) -> None:
        self.actor = actor
        self.invoices = invoices
        self.noting = noting
        self.clock = clock
        self.work = work

    @idempotent
    async def credit(self, invoice_id: UUID, order: CreditInvoice) -> CreditNote:
        """Credit an invoice that was sent: an amount, some of its items, or all that is due.

        - It never comes to more than is due, `overpayment`: what was paid is refunded first. Where nothing is left to
          pay, the invoice is `paid`.
        - An amount is taken from what is net and from each tax in proportion; items by what they make of the sums.
          Credited in parts, an invoice is credited to the cent, in each of its taxes.
        - Credit notes have numbers of their own, without gaps.
        """
        self.actor.must(Permission.INVOICES_WRITE)
        async with self.work:
            invoice = await self.invoices.for_change(invoice_id)
            return self.work.result(await self.noting.credit(invoice, order, now=self.clock.now()))

"""Drafting invoices: made, changed and deleted until they are sent."""

import copy
from collections.abc import Collection
from uuid import UUID

from domains.billing import Drafts
from domains.invoices.commands import ChangeInvoice, CreateInvoice
from domains.invoices.events import InvoiceChanged, InvoiceCreated, InvoiceDeleted
from domains.invoices.model import Invoice
from domains.invoices.ports import Invoices
from domains.quotes import QuoteReleasing
from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.idempotency import idempotent
from domains.shared.permissions import Permission
from domains.shared.versions import must_be_current
from domains.shared.work import UnitOfWork


class InvoiceDrafting:
    """Drafts the invoices of a business."""

    def __init__(self, actor: Actor, invoices: Invoices, drafts: Drafts, work: UnitOfWork) -> None:
        self.actor = actor
        self.invoices = invoices
        self.drafts = drafts
        self.work = work

    @idempotent
    async def create(self, order: CreateInvoice) -> Invoice:
        """Draft an invoice for a customer.

        - All sums are ours: an item is quantity by price, rounded half up; then come discounts, then each tax on the
          sum of what bears it. A discount on the whole is spread over items with the same taxes, in proportion.
        - An item without `taxes` and `taxRate` bears the business's default tax. Optional items count when `selected`.
        - `deposit` is what of the total is asked for first, until `depositDueDate`: a percentage of it, half up, or an
          amount.
        - The currency is the business's own unless one is given, and stays. A number is given when it is sent.
        """
        self.actor.must(Permission.INVOICES_WRITE)
        async with self.work:
            invoice = await self.drafts.begin(Invoice, order)
            await self.invoices.add(invoice)
            self.work.record(InvoiceCreated.about(invoice))
            self.work.note(Note(action="invoice.created", subject=invoice.id, after=invoice))
            return self.work.result(invoice)

    async def change(self, invoice_id: UUID, order: ChangeInvoice, *, expected: Collection[int] | None) -> Invoice:
        """Change a draft.

        - An absent field stays as it is; `null` clears it; `items` are replaced whole. One with the `id` that it has
          in the draft stays that one.
        - What is no draft any more is `invalid_transition`: credit notes correct it.
        """
        self.actor.must(Permission.INVOICES_WRITE)
        async with self.work:
            invoice = await self.invoices.for_change(invoice_id)
            must_be_current(invoice.version, expected)
            before = copy.copy(invoice)
            changed = await self.drafts.revise(invoice, order)
            if changed:
                await self.invoices.save(invoice)
                self.work.record(InvoiceChanged.about(invoice, fields=changed))
                self.work.note(Note(action="invoice.updated", subject=invoice.id, before=before, after=invoice))
        return invoice


class InvoiceDeleting:
    """Deletes drafts."""

    def __init__(
        self, actor: Actor, invoices: Invoices, releasing: QuoteReleasing, clock: Clock, work: UnitOfWork
    ) -> None:
        self.actor = actor
        self.invoices = invoices
        self.releasing = releasing
        self.clock = clock
        self.work = work

    async def delete(self, invoice_id: UUID, *, expected: Collection[int] | None) -> None:
        """Delete a draft.

        - It is gone, and its quote can be converted again. What was sent has a number and stays: `invalid_transition`.
        """
        self.actor.must(Permission.INVOICES_WRITE)
        async with self.work:
            invoice = await self.invoices.for_change(invoice_id)
            must_be_current(invoice.version, expected)
            invoice.must_be_draft()
            if invoice.quote_id is not None:
                await self.releasing.release(invoice.quote_id, now=self.clock.now())
            await self.invoices.remove(invoice.id)
            self.work.record(InvoiceDeleted.about(invoice))
            self.work.note(Note(action="invoice.deleted", subject=invoice.id, before=invoice))

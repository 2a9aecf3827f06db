"""Invoices and credit notes on paper."""

from collections.abc import Iterator
from uuid import UUID

from domains.billing import (
    DocumentKind,
    Item,
    ItemTax,
    Paper,
    PrintedDocument,
    PublicLinks,
    Stationer,
    Stationery,
    Typesetting,
)
from domains.invoices.credit_notes import CreditedLine, CreditNote
from domains.invoices.model import Invoice
from domains.invoices.ports import CreditNotes, Invoices
from domains.shared.actor import Actor
from domains.shared.ids import new_id
from domains.shared.permissions import Permission
from domains.shared.work import UnitOfWork


class InvoiceSetting:
    """A step of others: what stands on the paper of an invoice, inside their work, and the paper, after it."""

    def __init__(self, stationer: Stationer, typesetting: Typesetting) -> None:
        self.stationer = stationer
        self.typesetting = typesetting

    async def write(self, invoice: Invoice) -> PrintedDocument:
        stationery = await self.stationer.of(invoice.customer_id)
        cancelled_on = stationery.day_of(invoice.cancelled_at) if invoice.cancelled_at else None
        return stationery.printed(
            invoice, DocumentKind.INVOICE, issued_at=invoice.issued_at, due_on=invoice.due_date,
            deposit_due=invoice.deposit_due, deposit_due_on=invoice.deposit_due_date, cancelled_on=cancelled_on,
            paid=invoice.amount_paid, credited=invoice.amount_credited,
        )  # fmt: skip

    async def set(self, invoice: Invoice, printed: PrintedDocument) -> Paper:
        return Paper(f"invoice-{invoice.number or invoice.id}", await self.typesetting.document(printed))


class InvoicePrinting:
    """Makes PDFs of invoices."""

    def __init__(self, actor: Actor, invoices: Invoices, setting: InvoiceSetting, work: UnitOfWork) -> None:
        self.actor = actor
        self.invoices = invoices
        self.setting = setting
        self.work = work

    async def pdf(self, invoice_id: UUID) -> Paper:
        """Show an invoice as PDF, with what is paid, credited and due of it, as quotes are shown.

        - A business in the EU with a tax number (`documents`) gives out electronic ones once they have a number:
          PDF/A-3 with the invoice in XML (Factur-X, EN 16931), unless a line bears several taxes.
        - A draft has the date of its last change, and no number.
        """
        self.actor.must(Permission.INVOICES_READ)
        async with self.work:
            invoice = await self.invoices.read(invoice_id)
            printed = await self.setting.write(invoice)
        return await self.setting.set(invoice, printed)


class BillPrinting:
    """Makes PDFs of invoices for those who have their links."""

    def __init__(self, invoices: Invoices, public: PublicLinks, setting: InvoiceSetting, work: UnitOfWork) -> None:
        self.invoices = invoices
        self.public = public
        self.setting = setting
        self.work = work

    async def pdf(self, token: str) -> Paper:
        """Show an invoice as PDF to whoever has its link, as staff see it: an electronic one where those are.

        That of a customer who was erased is `expired`.
        """
        invoice_id = await self.public.bind(DocumentKind.INVOICE, token)
        async with self.work:
            invoice = await self.invoices.read(invoice_id)
            invoice.must_be_shown()
            printed = await self.setting.write(invoice)
        return await self.setting.set(invoice, printed)


class CreditNotePrinting:
    """Makes PDFs of credit notes."""

    def __init__(
        self,
        actor: Actor,
        notes: CreditNotes,
        invoices: Invoices,
        stationer: Stationer,
        typesetting: Typesetting,
        work: UnitOfWork,
    ) -> None:
        self.actor = actor
        self.notes = notes
        self.invoices = invoices
        self.stationer = stationer
        self.typesetting = typesetting
        self.work = work

    async def pdf(self, note_id: UUID) -> Paper:
        """Show a credit note as PDF, or as an electronic one where invoices are. It names the invoice it is about."""
        self.actor.must(Permission.INVOICES_READ)
        async with self.work:
            note = await self.notes.read(note_id)
            invoice = await self.invoices.read(note.invoice_id)
            stationery = await self.stationer.of(note.customer_id)
        printed = _printed(note, invoice, stationery)
        return Paper(f"credit-note-{note.number}", await self.typesetting.document(printed))


def _printed(note: CreditNote, invoice: Invoice, stationery: Stationery) -> PrintedDocument:
    return PrintedDocument(
        **stationery.sheet(note.currency),
        kind=DocumentKind.CREDIT_NOTE,
        number=note.number,
        issued_on=stationery.day_of(note.created_at),
        corrects=invoice.number,
        prices_include_tax=False,
        items=tuple(_items(note, invoice.number or "")),
        subtotal=note.subtotal,
        discount_total=0,
        taxes=note.taxes,
        total=note.total,
        notes=note.reason,
    )


def _items(note: CreditNote, invoice: str) -> Iterator[Item]:
    """What is credited, net: a line for each tax, and one for what bears none. Where lines bear several, it is one.

    What names no items is about the `invoice`.
    """
    told = "\n".join(f"{_quantity(line)} × {line.description}" for line in note.items) or invoice  # noqa: RUF001 - the sign for how many times
    untaxed = note.subtotal - sum(tax.base for tax in note.taxes)
    if untaxed < 0:
        yield _item(told, note.subtotal, ())
        return
    for tax in note.taxes:
        yield _item(told, tax.base, (ItemTax(name=tax.name, rate=tax.rate),))
    if untaxed or not note.taxes:
        yield _item(told, untaxed, ())


def _quantity(line: CreditedLine) -> str:
    return f"{line.quantity} {line.unit}" if line.unit else line.quantity


def _item(description: str, amount: int, taxes: tuple[ItemTax, ...]) -> Item:
    return Item(
        id=new_id(), description=description, quantity="1", unit_price=amount, discount=None,
        tax_rate=taxes[0].rate if taxes else None, taxes=taxes, optional=False, selected=True,
        amount=amount, total=amount,
    )  # fmt: skip

"""Invoices, and what is credited of them, in Postgres."""

from collections.abc import Iterator, Sequence
from uuid import UUID

import asyncpg

from domains.invoices import CreditNote, CreditNoteView, Invoice, InvoiceFilter, InvoiceLinks, InvoiceView
from domains.shared.actor import Actor
from domains.shared.errors import NotFound
from domains.shared.paging import Page, PageRequest
from domains.shared.permissions import Permission
from infra.postgres.billed_documents import (
    DocumentReading,
    PostgresDocuments,
    Rows,
    created_between,
    matching,
    of_status,
)
from infra.postgres.keyset import Condition
from infra.postgres.work import PostgresWork

INVOICES = Rows("invoices", Invoice, kind="invoice")
_NOTES = Rows("credit_notes", CreditNote, kind="credit note")
_IS_THERE = "select from invoices where id = $1"
_OF_INVOICE = f"select {_NOTES.fields} from credit_notes where invoice_id = $1 order by created_at, id"  # noqa: S608 - names of our own fields

_DUE_BY = """
    status in ('sent', 'partially_paid', 'overdue')
    and (due_date <= {} or deposit_due > 0 and deposit_due_date <= {})
"""


class PostgresInvoices(PostgresDocuments[Invoice]):
    """The `Invoices` of the tenant to which the work is bound."""

    rows = INVOICES


class PostgresInvoiceQueries(DocumentReading[InvoiceView]):
    """The `InvoiceQueries` of the actor's tenant."""

    rows = INVOICES

    def __init__(self, actor: Actor, links: InvoiceLinks, work: PostgresWork) -> None:
        super().__init__(actor, work)
        self._links = links

    async def one(self, invoice_id: UUID) -> InvoiceView:
        self._actor.must(Permission.INVOICES_READ)
        return await self._one(invoice_id)

    async def page(self, wanted: InvoiceFilter, request: PageRequest) -> Page[InvoiceView]:
        self._actor.must(Permission.INVOICES_READ)
        return await self._page(_conditions(wanted), request, customer=wanted.customer_id)

    def _view(self, row: asyncpg.Record) -> InvoiceView:
        invoice = INVOICES.read(row)
        return InvoiceView.of(invoice, public_url=self._links.url(invoice))


class PostgresCreditNotes(PostgresDocuments[CreditNote]):
    """The `CreditNotes` of the tenant to which the work is bound."""

    rows = _NOTES

    async def of(self, invoice_id: UUID) -> Sequence[CreditNote]:
        return [_NOTES.read(row) for row in await self._work.connection.fetch(_OF_INVOICE, invoice_id)]


class PostgresCreditNoteQueries(DocumentReading[CreditNoteView]):
    """The `CreditNoteQueries` of the actor's tenant."""

    rows = _NOTES

    async def one(self, note_id: UUID) -> CreditNoteView:
        self._actor.must(Permission.INVOICES_READ)
        return await self._one(note_id)

    async def page(self, invoice_id: UUID, request: PageRequest) -> Page[CreditNoteView]:
        self._actor.must(Permission.INVOICES_READ)
        async with self._work:
            if await self._work.connection.fetchrow(_IS_THERE, invoice_id) is None:
                raise NotFound.one("invoice")
            of_it = [("invoice_id = {}", invoice_id)]
            return await _NOTES.list.page(self._work.connection, of_it, request, self._view)

    def _view(self, row: asyncpg.Record) -> CreditNoteView:
        return CreditNoteView.of(_NOTES.read(row))


def _conditions(wanted: InvoiceFilter) -> Iterator[Condition]:
    yield from of_status(wanted.status)
    yield from created_between(wanted)
    if wanted.due_by is not None:
        yield (_DUE_BY, (wanted.due_by, wanted.due_by))
    if wanted.search is not None:
        yield matching(wanted.search, table="invoices")

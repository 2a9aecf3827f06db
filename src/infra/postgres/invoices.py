"""Invoices, and what is credited of them, in Postgres."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from domains.invoices import (
    CreditNote,
    CreditNoteView,
    Invoice,
    InvoiceFilter,
    InvoiceLinks,
    InvoiceView,
)
from domains.shared.actor import Actor
from domains.shared.errors import AlreadyExists, NotFound
from domains.shared.paging import Page, PageRequest
from domains.shared.permissions import Permission
from infra.postgres.billed_documents import PostgresDocuments, Rows, created_between, matching, resting
from infra.postgres.customer_identities import of_customer
from infra.postgres.keyset import Condition, Keyset, SortKey
from infra.postgres.work import PostgresWork

INVOICES = Rows("invoices", Invoice, kind="invoice")
_BY_CREATION = {"created_at": SortKey("created_at", datetime)}
_LIST = Keyset(table="invoices", fields=INVOICES.fields, sorts=_BY_CREATION)
_IS_THERE = "select from invoices where id = $1"

_NOTE_FIELDS = ", ".join(CreditNote.__struct_fields__)
_PLACES = ", ".join(f"${at}" for at in range(1, len(CreditNote.__struct_fields__) + 2))
_ADD_NOTE = f"insert into credit_notes (tenant_id, {_NOTE_FIELDS}) values ({_PLACES})"  # noqa: S608 - names of our own fields, as below
_NOTES = f"select {_NOTE_FIELDS} from credit_notes where invoice_id = $1 order by created_at, id"  # noqa: S608 - as above
_NOTE = f"select {_NOTE_FIELDS} from credit_notes where id = $1"  # noqa: S608 - as above
_NOTE_LIST = Keyset(table="credit_notes", fields=_NOTE_FIELDS, sorts=_BY_CREATION)


class PostgresInvoices(PostgresDocuments[Invoice]):
    """The `Invoices` of the tenant to which the work is bound."""

    rows = INVOICES


class PostgresInvoiceQueries:
    """The `InvoiceQueries` of the actor's tenant."""

    def __init__(self, actor: Actor, links: InvoiceLinks, work: PostgresWork) -> None:
        self._actor = actor
        self._links = links
        self._work = work

    async def one(self, invoice_id: UUID) -> InvoiceView:
        self._actor.must(Permission.INVOICES_READ)
        async with self._work:
            row = await self._work.connection.fetchrow(INVOICES.one, invoice_id)
        if row is None:
            raise NotFound.one("invoice")
        return self._view(row)

    async def page(self, wanted: InvoiceFilter, request: PageRequest) -> Page[InvoiceView]:
        self._actor.must(Permission.INVOICES_READ)
        async with self._work:
            conditions = [*_conditions(wanted), *await of_customer(self._work, wanted.customer_id)]
            return await _LIST.page(self._work.connection, conditions, request, self._view)

    def _view(self, row: asyncpg.Record) -> InvoiceView:
        invoice = INVOICES.read(row)
        return InvoiceView.of(invoice, public_url=self._links.url(invoice))


class PostgresCreditNotes:
    """The `CreditNotes` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def add(self, note: CreditNote) -> None:
        values = [resting(getattr(note, name)) for name in note.__struct_fields__]
        try:
            await self._work.connection.execute(_ADD_NOTE, self._work.tenant, *values)
        except asyncpg.UniqueViolationError:
            message = f"There is a credit note {note.number} already: change how they are numbered."
            raise AlreadyExists(message) from None

    async def read(self, note_id: UUID) -> CreditNote:
        row = await self._work.connection.fetchrow(_NOTE, note_id)
        if row is None:
            raise NotFound.one("credit note")
        return _note(row)

    async def of(self, invoice_id: UUID) -> Sequence[CreditNote]:
        return [_note(row) for row in await self._work.connection.fetch(_NOTES, invoice_id)]


class PostgresCreditNoteQueries:
    """The `CreditNoteQueries` of the actor's tenant."""

    def __init__(self, actor: Actor, work: PostgresWork) -> None:
        self._actor = actor
        self._work = work

    async def one(self, note_id: UUID) -> CreditNoteView:
        self._actor.must(Permission.INVOICES_READ)
        async with self._work:
            row = await self._work.connection.fetchrow(_NOTE, note_id)
        if row is None:
            raise NotFound.one("credit note")
        return _note_view(row)

    async def page(self, invoice_id: UUID, request: PageRequest) -> Page[CreditNoteView]:
        self._actor.must(Permission.INVOICES_READ)
        async with self._work:
            if await self._work.connection.fetchrow(_IS_THERE, invoice_id) is None:
                raise NotFound.one("invoice")
            of_it = [("invoice_id = {}", invoice_id)]
            return await _NOTE_LIST.page(self._work.connection, of_it, request, _note_view)


def _note(row: asyncpg.Record) -> CreditNote:
    return msgspec.convert({name: row[name] for name in CreditNote.__struct_fields__}, CreditNote)


def _note_view(row: asyncpg.Record) -> CreditNoteView:
    return CreditNoteView.of(_note(row))


def _conditions(wanted: InvoiceFilter) -> Iterator[Condition]:
    if wanted.status is not None:
        yield ("status = {}", wanted.status.value)
    yield from created_between(wanted)
    if wanted.due_by is not None:
        yield ("status in ('sent', 'partially_paid', 'overdue') and due_date <= {}", wanted.due_by)
    if wanted.search is not None:
        yield matching(wanted.search, function="matching_invoices")

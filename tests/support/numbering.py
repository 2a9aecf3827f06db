"""Many who number documents at once, some of whom think better of it, and some of whom are cut off."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import msgspec

from domains.billing import DocumentKind, Item, Series
from domains.invoices import CreditInvoice, CreditNote, InvoiceCredited, InvoiceIssued
from domains.invoices.events import tax_parts
from domains.shared.errors import Unavailable
from domains.shared.ids import new_id
from frontdesk.subscriptions import INSIDE
from infra.postgres.database import Database
from infra.postgres.documents import PostgresDocumentNumbers
from infra.postgres.invoices import PostgresCreditNotes, PostgresInvoices
from infra.postgres.quotes import PostgresQuotes
from infra.postgres.work import PostgresWork
from tests.support.work import work_over

_QUOTES = """
    insert into quotes (tenant_id, id, status, customer_id, currency, prices_include_tax, items, subtotal,
                        discount_total, tax_total, taxes, total, search_text, created_at, updated_at)
    select $1, id, 'draft', $2, 'USD', false, '[]', 0, 0, 0, '[]', 0, '', now(), now() from unnest($3::uuid[]) id
"""
_INVOICES = """
    insert into invoices (tenant_id, id, status, customer_id, currency, prices_include_tax, items, subtotal,
                          discount_total, tax_total, taxes, total, amount_paid, amount_credited, amount_due, reminders,
                          search_text, created_at, updated_at)
    select $1, id, 'draft', $2, 'USD', false, $4, 1, 0, 0, '[]', 1, 0, 0, 1, 0, '', now(), now()
    from unnest($3::uuid[]) id
"""
_NUMBERED = {
    DocumentKind.QUOTE: "select number from quotes where tenant_id = $1 and number is not null",
    DocumentKind.INVOICE: "select number from invoices where tenant_id = $1 and number is not null",
    DocumentKind.CREDIT_NOTE: "select number from credit_notes where tenant_id = $1",
}
_ONE = Item(
    id=new_id(), description="Work", quantity="1", unit_price=1, discount=None, tax_rate=None, taxes=(),
    optional=False, selected=True, amount=1, total=1,
)  # fmt: skip
_CUT = "select pg_terminate_backend(pg_backend_pid())"
_AT_ONCE = 10


class ThoughtBetter(Exception):
    """Not sent after all, when the number was already taken."""


def series_of(year: int, kind: DocumentKind = DocumentKind.QUOTE) -> Series:
    moment = datetime(year, 6, 1, tzinfo=UTC)
    return Series.at(kind, "Q-{year}-{seq:5}", moment, ZoneInfo("UTC"))


async def draft(
    admin_url: str, tenant: UUID, customer: UUID, times: int, kind: DocumentKind = DocumentKind.QUOTE
) -> list[UUID]:
    """So many drafts: empty quotes, or invoices of a cent."""
    ids = [new_id() for _ in range(times)]
    admin = await asyncpg.connect(admin_url)
    if kind is DocumentKind.QUOTE:
        await admin.execute(_QUOTES, tenant, customer, ids)
    else:
        await admin.execute(_INVOICES, tenant, customer, ids, msgspec.json.encode([_ONE]).decode())
    await admin.close()
    return ids


async def number_all(
    pool: Database, tenant: UUID, ids: list[UUID], *, series: Series, failing: int, cutting: int = 10**9
) -> int:
    """Number them all at once; say how many were not. What has a number keeps it.

    Every `failing`th is in a transaction that is undone, every `cutting`th loses its connection before the commit.
    Credit notes are of invoices that were sent.
    """
    places, put_out = asyncio.Semaphore(_AT_ONCE), _PUT_OUT[series.kind]

    async def number(at: int, subject: UUID) -> bool:
        try:
            async with places, work_over(pool, tenant).heard_by(INSIDE) as work:
                await put_out(work, subject, series)
                if at % cutting == cutting - 1:
                    await work.connection.execute(_CUT)
                _think_better(at % failing == 0)
        except (ThoughtBetter, Unavailable):
            return True
        return False

    return sum(await asyncio.gather(*(number(at, subject) for at, subject in enumerate(ids))))


async def numbers_of(admin_url: str, tenant: UUID, kind: DocumentKind = DocumentKind.QUOTE) -> list[str]:
    admin = await asyncpg.connect(admin_url)
    found = await admin.fetch(_NUMBERED[kind], tenant)
    await admin.close()
    return sorted(row["number"] for row in found)


def unbroken(year: int, last: int) -> list[str]:
    """What must be there: each number once."""
    return [f"Q-{year}-{at:05}" for at in range(1, last + 1)]


def _think_better(now: bool) -> None:
    if now:
        raise ThoughtBetter


async def _send_quote(work: PostgresWork, subject: UUID, series: Series) -> None:
    quotes = PostgresQuotes(work)
    quote = await quotes.for_change(subject)
    _think_better(quote.number is not None)
    quote.send(await PostgresDocumentNumbers(work).next(series), b"", now=quote.updated_at)
    await quotes.save(quote)


async def _issue_invoice(work: PostgresWork, subject: UUID, series: Series) -> None:
    invoices = PostgresInvoices(work)
    invoice = await invoices.for_change(subject)
    _think_better(invoice.number is not None)
    number = await PostgresDocumentNumbers(work).next(series)
    now = invoice.updated_at
    invoice.issue(number, b"", today=now.date(), payment_days=30, now=now)
    await invoices.save(invoice)
    work.record(InvoiceIssued.about(invoice, taxes=tax_parts(invoice.taxes)))


async def _credit_invoice(work: PostgresWork, subject: UUID, series: Series) -> None:
    invoices = PostgresInvoices(work)
    invoice = await invoices.for_change(subject)
    _think_better(invoice.amount_credited > 0)
    note = CreditNote.on(invoice, CreditInvoice(), before=[], number="", now=invoice.updated_at)
    invoice.credit(note.total, now=invoice.updated_at)
    await invoices.save(invoice)
    note.number = await PostgresDocumentNumbers(work).next(series)
    await PostgresCreditNotes(work).add(note)
    taxes = tax_parts(note.taxes)
    told = InvoiceCredited.about(invoice, credit_note_id=note.id, net=note.subtotal, taxes=taxes, total=note.total)
    work.record(told)


_PUT_OUT: Mapping[DocumentKind, Callable[[PostgresWork, UUID, Series], Awaitable[None]]] = {
    DocumentKind.QUOTE: _send_quote,
    DocumentKind.INVOICE: _issue_invoice,
    DocumentKind.CREDIT_NOTE: _credit_invoice,
}

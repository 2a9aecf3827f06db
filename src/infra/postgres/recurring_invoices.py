"""What is charged again and again, in Postgres."""

from uuid import UUID

import asyncpg

from domains.invoices import RecurringFilter, RecurringInvoice, RecurringInvoiceView
from domains.shared.paging import Page, PageRequest
from domains.shared.permissions import Permission
from infra.postgres.billed_documents import DocumentReading, PostgresDocuments, Rows, of_status

_ROWS = Rows("recurring_invoices", RecurringInvoice, kind="recurring invoice")


class PostgresRecurringInvoices(PostgresDocuments[RecurringInvoice]):
    """The `RecurringInvoices` of the tenant to which the work is bound."""

    rows = _ROWS


class PostgresRecurringInvoiceQueries(DocumentReading[RecurringInvoiceView]):
    """The `RecurringInvoiceQueries` of the actor's tenant."""

    rows = _ROWS

    async def one(self, recurring_id: UUID) -> RecurringInvoiceView:
        self._actor.must(Permission.INVOICES_READ)
        return await self._one(recurring_id)

    async def page(self, wanted: RecurringFilter, request: PageRequest) -> Page[RecurringInvoiceView]:
        self._actor.must(Permission.INVOICES_READ)
        return await self._page(of_status(wanted.status), request, customer=wanted.customer_id)

    def _view(self, row: asyncpg.Record) -> RecurringInvoiceView:
        return RecurringInvoiceView.of(_ROWS.read(row))

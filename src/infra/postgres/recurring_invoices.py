"""What is charged again and again, in Postgres."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

import asyncpg

from domains.invoices import RecurringFilter, RecurringInvoice, RecurringInvoiceView
from domains.shared.actor import Actor
from domains.shared.errors import NotFound
from domains.shared.paging import Page, PageRequest
from domains.shared.permissions import Permission
from infra.postgres.billed_documents import PostgresDocuments, Rows
from infra.postgres.customer_identities import of_customer
from infra.postgres.keyset import Condition, Keyset, SortKey
from infra.postgres.work import PostgresWork

_ROWS = Rows("recurring_invoices", RecurringInvoice, kind="recurring invoice")
_LIST = Keyset(table="recurring_invoices", fields=_ROWS.fields, sorts={"created_at": SortKey("created_at", datetime)})


class PostgresRecurringInvoices(PostgresDocuments[RecurringInvoice]):
    """The `RecurringInvoices` of the tenant to which the work is bound."""

    rows = _ROWS


class PostgresRecurringInvoiceQueries:
    """The `RecurringInvoiceQueries` of the actor's tenant."""

    def __init__(self, actor: Actor, work: PostgresWork) -> None:
        self._actor = actor
        self._work = work

    async def one(self, recurring_id: UUID) -> RecurringInvoiceView:
        self._actor.must(Permission.INVOICES_READ)
        async with self._work:
            row = await self._work.connection.fetchrow(_ROWS.one, recurring_id)
        if row is None:
            raise NotFound.one("recurring invoice")
        return _view(row)

    async def page(self, wanted: RecurringFilter, request: PageRequest) -> Page[RecurringInvoiceView]:
        self._actor.must(Permission.INVOICES_READ)
        async with self._work:
            conditions = [*_conditions(wanted), *await of_customer(self._work, wanted.customer_id)]
            return await _LIST.page(self._work.connection, conditions, request, _view)


def _view(row: asyncpg.Record) -> RecurringInvoiceView:
    return RecurringInvoiceView.of(_ROWS.read(row))


def _conditions(wanted: RecurringFilter) -> Iterator[Condition]:
    if wanted.status is not None:
        yield ("status = {}", wanted.status.value)

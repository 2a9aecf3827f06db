"""What the ledger says of customers, in Postgres."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from domains.billing import Movement
from domains.payments import Booked, EntryKind, OpenInvoice
from infra.postgres.payments import total
from infra.postgres.work import PostgresWork

MOVEMENTS: Mapping[EntryKind, Movement] = MappingProxyType(
    {
        EntryKind.CREDIT_NOTE_ISSUED: Movement.CREDIT_NOTE,
        EntryKind.DISPUTE_LOST: Movement.DISPUTE,
        EntryKind.DISPUTE_OPENED: Movement.DISPUTE,
        EntryKind.DISPUTE_WON: Movement.DISPUTE,
        EntryKind.INVOICE_ISSUED: Movement.INVOICE,
        EntryKind.INVOICE_VOIDED: Movement.VOID,
        EntryKind.PAYMENT_RECEIVED: Movement.PAYMENT,
        EntryKind.REFUND_FAILED: Movement.REFUND,
        EntryKind.REFUND_SUCCEEDED: Movement.REFUND,
    }
)
_RECEIVABLE = """
    from invoices i
    join ledger_entries e on e.tenant_id = i.tenant_id and e.invoice_id = i.id
    join ledger_postings p on p.tenant_id = e.tenant_id and p.entry_id = e.id and p.account = 'receivable'
"""
_WHOSE = "where i.customer_id = any ($1) and i.currency = $2 and e.occurred_at < $3"
_BALANCE = f"select {total('p.amount')} {_RECEIVABLE} {_WHOSE}"
_BOOKED = f"""
    select e.occurred_at, e.kind, coalesce(n.number, i.number) as number, p.amount {_RECEIVABLE}
    left join credit_notes n on n.tenant_id = e.tenant_id and n.id = e.source_id
    {_WHOSE} and e.occurred_at >= $4
    order by e.occurred_at, e.id limit $5
"""
_OPEN = """
    select id, number, due_date, amount_due, status = 'overdue' as is_overdue,
           case when status <> 'overdue' then 0 when deposit_overdue then deposit_due else amount_due end amount_overdue
    from invoices
    where customer_id = any ($1) and currency = $2 and amount_due > 0
      and status in ('sent', 'partially_paid', 'overdue')
    order by due_date, id limit 1000
"""


class PostgresCustomerAccounts:
    """The `CustomerAccounts` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def balance(self, ids: Sequence[UUID], currency: str, *, before: datetime) -> int:
        found: int = await self._work.connection.fetchval(_BALANCE, ids, currency, before)
        return found

    async def booked(
        self, ids: Sequence[UUID], currency: str, *, since: datetime, before: datetime, most: int
    ) -> Sequence[Booked]:
        rows = await self._work.connection.fetch(_BOOKED, ids, currency, before, since, most)
        return [
            Booked(row["occurred_at"], MOVEMENTS[EntryKind(row["kind"])], row["number"], row["amount"]) for row in rows
        ]

    async def open_invoices(self, ids: Sequence[UUID], currency: str) -> Sequence[OpenInvoice]:
        return [OpenInvoice(**row) for row in await self._work.connection.fetch(_OPEN, ids, currency)]

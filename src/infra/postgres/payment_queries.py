"""Payments and the ledger, as they are shown."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from domains.payments import (
    Account,
    BalanceView,
    EntryKind,
    EntryView,
    LedgerFilter,
    Payment,
    PaymentFilter,
    PaymentView,
    PostingView,
    Reconciliations,
    ReconciliationView,
    Refund,
    RefundView,
)
from domains.shared.actor import Actor
from domains.shared.clock import timestamp
from domains.shared.errors import NotFound
from domains.shared.paging import Page, PageRequest
from domains.shared.permissions import Permission
from domains.shared.wire import shown
from infra.postgres.customer_identities import of_customer
from infra.postgres.keyset import Keyset, SortKey
from infra.postgres.payments import PAYMENT_FIELDS, REFUND_FIELDS, read, total
from infra.postgres.work import PostgresWork

_ONE = f"select {PAYMENT_FIELDS} from payments where id = $1"  # noqa: S608 - put together from constants
_LIST = Keyset(table="payments", fields=PAYMENT_FIELDS, sorts={"created_at": SortKey("created_at", datetime)})
_INVOICE = "select from invoices where id = $1"
_REFUND = f"select {REFUND_FIELDS} from refunds where id = $1"  # noqa: S608 - as above
_REFUNDS = Keyset(table="refunds", fields=REFUND_FIELDS, sorts={"created_at": SortKey("created_at", datetime)})
_ENTRY_FIELDS = """id, kind, source_id, invoice_id, payment_id, currency, occurred_at, (
    select jsonb_agg(jsonb_build_array(p.account, p.amount) order by p.account) from ledger_postings p
    where p.tenant_id = ledger_entries.tenant_id and p.entry_id = ledger_entries.id
) as postings"""
_ENTRIES = Keyset(table="ledger_entries", fields=_ENTRY_FIELDS, sorts={"occurred_at": SortKey("occurred_at", datetime)})
_WITH_ACCOUNT = "id in (select p.entry_id from ledger_postings p where p.account = {})"
_BALANCES = f"""
    select p.account, p.currency, {total("p.amount")} as balance from ledger_postings p
    join ledger_entries e on e.tenant_id = p.tenant_id and e.id = p.entry_id
    where $1::timestamptz is null or e.occurred_at < $1 group by p.account, p.currency order by p.currency, p.account
"""  # noqa: S608 - as above


class PostgresPaymentQueries:
    """The `PaymentQueries` of the actor's tenant."""

    def __init__(self, actor: Actor, work: PostgresWork) -> None:
        self._actor = actor
        self._work = work

    async def one(self, payment_id: UUID) -> PaymentView:
        self._actor.must(Permission.PAYMENTS_READ)
        async with self._work:
            row = await self._work.connection.fetchrow(_ONE, payment_id)
        if row is None:
            raise NotFound.one("payment")
        return _payment(row)

    async def page(self, wanted: PaymentFilter, request: PageRequest) -> Page[PaymentView]:
        self._actor.must(Permission.PAYMENTS_READ)
        async with self._work:
            conditions = [*_conditions(wanted), *await of_customer(self._work, wanted.customer_id)]
            return await _LIST.page(self._work.connection, conditions, request, _payment)

    async def of_invoice(self, invoice_id: UUID, request: PageRequest) -> Page[PaymentView]:
        self._actor.must(Permission.PAYMENTS_READ)
        async with self._work:
            if await self._work.connection.fetchrow(_INVOICE, invoice_id) is None:
                raise NotFound.one("invoice")
            return await _LIST.page(self._work.connection, [("invoice_id = {}", invoice_id)], request, _payment)

    async def refund(self, refund_id: UUID) -> RefundView:
        self._actor.must(Permission.PAYMENTS_READ)
        async with self._work:
            row = await self._work.connection.fetchrow(_REFUND, refund_id)
        if row is None:
            raise NotFound.one("refund")
        return _refund(row)

    async def refunds(self, payment_id: UUID, request: PageRequest) -> Page[RefundView]:
        self._actor.must(Permission.PAYMENTS_READ)
        async with self._work:
            if await self._work.connection.fetchrow(_ONE, payment_id) is None:
                raise NotFound.one("payment")
            return await _REFUNDS.page(self._work.connection, [("payment_id = {}", payment_id)], request, _refund)

    async def ledger(self, wanted: LedgerFilter, request: PageRequest) -> Page[EntryView]:
        self._actor.must(Permission.PAYMENTS_READ)
        async with self._work:
            return await _ENTRIES.page(self._work.connection, [*_of_ledger(wanted)], request, _entry)

    async def balances(self, *, before: datetime | None) -> Sequence[BalanceView]:
        self._actor.must(Permission.PAYMENTS_READ)
        async with self._work:
            rows = await self._work.connection.fetch(_BALANCES, before)
        return [
            BalanceView(account=Account(row["account"]), currency=row["currency"], balance=row["balance"])
            for row in rows
        ]


class PostgresReconciliationQueries:
    """The `ReconciliationQueries` of the actor's tenant."""

    def __init__(self, actor: Actor, reconciliations: Reconciliations, work: PostgresWork) -> None:
        self._actor = actor
        self._reconciliations = reconciliations
        self._work = work

    async def last(self) -> ReconciliationView:
        self._actor.must(Permission.PAYMENTS_READ)
        async with self._work:
            found = await self._reconciliations.last()
        if found is None or found.ran_at == found.since:
            raise NotFound.one("reconciliation")
        return shown(ReconciliationView, found)


def _conditions(wanted: PaymentFilter) -> Iterator[tuple[str, object]]:
    if wanted.status is not None:
        yield ("status = {}", wanted.status.value)
    if wanted.method is not None:
        yield ("method = {}", wanted.method.value)
    if wanted.invoice_id is not None:
        yield ("invoice_id = {}", wanted.invoice_id)
    if wanted.created_from is not None:
        yield ("created_at >= {}", wanted.created_from)
    if wanted.created_before is not None:
        yield ("created_at < {}", wanted.created_before)


def _of_ledger(wanted: LedgerFilter) -> Iterator[tuple[str, object]]:
    asked = {
        _WITH_ACCOUNT: wanted.account and wanted.account.value,
        "kind = {}": wanted.kind and wanted.kind.value,
        "currency = {}": wanted.currency,
        "invoice_id = {}": wanted.invoice_id,
        "payment_id = {}": wanted.payment_id,
        "occurred_at >= {}": wanted.occurred_from,
        "occurred_at < {}": wanted.occurred_before,
    }
    return ((condition, value) for condition, value in asked.items() if value is not None)


def _payment(row: asyncpg.Record) -> PaymentView:
    return shown(PaymentView, read(Payment, row), event_registration_id=None)


def _refund(row: asyncpg.Record) -> RefundView:
    return shown(RefundView, read(Refund, row))


def _entry(row: asyncpg.Record) -> EntryView:
    return EntryView(
        id=row["id"],
        kind=EntryKind(row["kind"]),
        source_id=row["source_id"],
        invoice_id=row["invoice_id"],
        payment_id=row["payment_id"],
        currency=row["currency"],
        postings=tuple(PostingView(account=Account(name), amount=amount) for name, amount in row["postings"]),
        occurred_at=timestamp(row["occurred_at"]),
    )

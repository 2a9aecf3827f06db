"""Payments, what went back of them, and the ledger, in Postgres."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import asyncpg
import msgspec

from domains.billing import LARGEST
from domains.payments import (
    Dispute,
    Entry,
    Payment,
    Reconciliation,
    Refund,
)
from domains.shared.errors import NotFound
from domains.shared.vendors import CallState
from infra.postgres.own_fields import inserting
from infra.postgres.unsettled import raise_call
from infra.postgres.work import PostgresWork

Row = TypeVar("Row", bound=msgspec.Struct)
_LISTED_AS = "stripe"


def _fields(entity: type[msgspec.Struct]) -> str:
    return ", ".join(entity.__struct_fields__)


def _update(table: str, entity: type[msgspec.Struct]) -> str:
    names = entity.__struct_fields__
    places = ", ".join(f"{name} = ${at}" for at, name in enumerate(names, 2))
    return f"update {table} set {places} where tenant_id = $1 and id = ${names.index('id') + 2}"  # noqa: S608 - names of our own fields


def total(amounts: str) -> str:
    """SQL for what `amounts` come to: as far as every client can hold it, and no farther."""
    return f"least(greatest(coalesce(sum({amounts}), 0), {-LARGEST}), {LARGEST})::bigint"


PAYMENT_FIELDS = _fields(Payment)
REFUND_FIELDS = _fields(Refund)
_PAYMENT = f"select {PAYMENT_FIELDS} from payments where"  # noqa: S608 - as above
_OPEN = f"""{_PAYMENT} invoice_id = $1 and method = 'card' and status in ('pending', 'processing', 'failed')
    for no key update"""
_ASKING = """
    select exists (select from payments where intent_id is null and method = 'card'
                   and status in ('pending', 'processing', 'failed'))
"""
_SINCE = f"{_PAYMENT} method = 'card' and created_at >= $1 order by created_at desc, id desc limit 10000"
_REFUND = f"select {REFUND_FIELDS} from refunds where"  # noqa: S608 - as above
_DISPUTE = f"select {_fields(Dispute)} from disputes where dispute_id = $1"  # noqa: S608 - as above
_DISPUTED = "select exists (select from disputes where payment_id = $1 and status in ('open', 'lost'))"
_SAVE_DISPUTE = f"""{inserting("disputes", Dispute.__struct_fields__)} on conflict (tenant_id, dispute_id)
    do update set status = excluded.status, taken_back = excluded.taken_back, turn = excluded.turn,
                  told_at = excluded.told_at, updated_at = excluded.updated_at"""
_BEGIN = """
    insert into payment_reconciliations (tenant_id, ran_at, since, until, replayed, findings)
    values ($1, $2, $2, $2, 0, '[]') on conflict do nothing
"""
_SAVE_LAST = """
    insert into payment_reconciliations (tenant_id, ran_at, since, until, replayed, findings, balances)
    values ($1, $2, $3, $4, $5, $6, $7) on conflict (tenant_id) do update
    set ran_at = excluded.ran_at, since = excluded.since, until = excluded.until, replayed = excluded.replayed,
        findings = excluded.findings, balances = excluded.balances
"""
_LAST = "select ran_at, since, until, replayed, findings, balances from payment_reconciliations"
_AT_PROVIDER = f"""
    select p.currency, {total("p.amount")} as balance from ledger_postings p
    join ledger_entries e on e.tenant_id = p.tenant_id and e.id = p.entry_id
    left join payments y on y.tenant_id = e.tenant_id and y.id = e.payment_id
    where p.account = 'stripe' and (y.id is null or y.own_account) group by p.currency
"""  # noqa: S608 - as above
_ENTRY = """
    insert into ledger_entries (tenant_id, id, kind, source_id, invoice_id, payment_id, currency, occurred_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (tenant_id, kind, source_id) do nothing
"""
_POSTINGS = """
    insert into ledger_postings (tenant_id, entry_id, account, currency, amount)
    select $1, $2, account, $3, amount from unnest($4::text[], $5::bigint[]) posting (account, amount)
"""


class PostgresPayments:
    """The `Payments` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def add(self, payment: Payment) -> None:
        await self._write(inserting("payments", Payment.__struct_fields__), payment)

    async def read(self, payment_id: UUID) -> Payment | None:
        return await self._one(Payment, f"{_PAYMENT} id = $1", payment_id)

    async def by_intent(self, intent_id: str) -> Payment | None:
        return await self._one(Payment, f"{_PAYMENT} intent_id = $1", intent_id)

    async def for_change(self, payment_id: UUID) -> Payment:
        found = await self._one(Payment, f"{_PAYMENT} id = $1 for no key update", payment_id)
        if found is None:
            raise NotFound.one("payment")
        return found

    async def open_of(self, invoice_id: UUID) -> Payment | None:
        return await self._one(Payment, _OPEN, invoice_id)

    async def save(self, payment: Payment) -> None:
        await self._write(_update("payments", Payment), payment)

    async def is_first(self) -> bool:
        now = await self._work.connection.fetchval("select now()")
        answer = await self._work.connection.execute(_BEGIN, self._work.tenant, now)
        return bool(answer == "INSERT 0 1")

    async def is_asking(self) -> bool:
        return bool(await self._work.connection.fetchval(_ASKING))

    async def add_refund(self, refund: Refund) -> None:
        await self._write(inserting("refunds", Refund.__struct_fields__), refund)

    async def refund(self, refund_id: UUID) -> Refund | None:
        return await self._one(Refund, f"{_REFUND} id = $1", refund_id)

    async def refund_told(self, refund_id: str) -> Refund | None:
        return await self._one(Refund, f"{_REFUND} refund_id = $1", refund_id)

    async def save_refund(self, refund: Refund) -> None:
        await self._write(_update("refunds", Refund), refund)

    async def dispute(self, dispute_id: str) -> Dispute | None:
        return await self._one(Dispute, _DISPUTE, dispute_id)

    async def save_dispute(self, dispute: Dispute) -> None:
        await self._write(_SAVE_DISPUTE, dispute)

    async def is_disputed(self, payment_id: UUID) -> bool:
        return bool(await self._work.connection.fetchval(_DISPUTED, payment_id))

    async def raise_doubt(self, subject: UUID) -> None:
        await raise_call(self._work, subject, vendor=_LISTED_AS, state=CallState.UNKNOWN)

    async def _one(self, entity: type[Row], statement: str, *values: object) -> Row | None:
        row = await self._work.connection.fetchrow(statement, *values)
        return None if row is None else read(entity, row)

    async def _write(self, statement: str, entity: msgspec.Struct) -> None:
        values = (getattr(entity, name) for name in entity.__struct_fields__)
        await self._work.connection.execute(statement, self._work.tenant, *values)


class PostgresLedger:
    """The `Ledger` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def add(self, entry: Entry) -> None:
        answer = await self._work.connection.execute(
            _ENTRY, self._work.tenant, entry.id, entry.kind.value, entry.source, entry.invoice_id, entry.payment_id,
            entry.currency, entry.occurred_at,
        )  # fmt: skip
        if answer == "INSERT 0 1":
            accounts = [each.account.value for each in entry.postings]
            amounts = [each.amount for each in entry.postings]
            values = (entry.id, entry.currency, accounts, amounts)
            await self._work.connection.execute(_POSTINGS, self._work.tenant, *values)


class PostgresReconciliations:
    """The `Reconciliations` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def last(self) -> Reconciliation | None:
        row = await self._work.connection.fetchrow(_LAST)
        if row is None:
            return None
        return read(Reconciliation, row)

    async def save(self, done: Reconciliation) -> None:
        lists = (msgspec.json.encode(each).decode() for each in (done.findings, done.balances))
        values = (done.ran_at, done.since, done.until, done.replayed, *lists)
        await self._work.connection.execute(_SAVE_LAST, self._work.tenant, *values)

    async def by_card_since(self, since: datetime) -> Sequence[Payment]:
        return [read(Payment, row) for row in await self._work.connection.fetch(_SINCE, since)]

    async def balances(self) -> Mapping[str, int]:
        return {row["currency"]: row["balance"] for row in await self._work.connection.fetch(_AT_PROVIDER)}


def read(entity: type[Row], row: asyncpg.Record) -> Row:
    """The entity whose fields are the row's columns."""
    return msgspec.convert(dict(row), entity)

"""Notes about customers, and their timelines, in Postgres."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from domains.customers import CustomerNote, TimelineEntry, TimelineEntryView, TimelineKind
from domains.shared.actor import Actor
from domains.shared.clock import timestamp
from domains.shared.paging import Page, PageRequest
from domains.shared.permissions import Permission
from infra.postgres.customer_identities import PostgresIdentities
from infra.postgres.keyset import Keyset, SortKey
from infra.postgres.work import PostgresWork

_ADD_NOTE = """
    insert into customer_notes (tenant_id, id, customer_id, author_id, text, version, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8)
"""
_ADD_ENTRY = """
    insert into customer_timeline (tenant_id, customer_id, id, kind, subject_id, actor_id, occurred_at)
    select $1, $2, $3, $4, $5, $6, $7 where not exists (select from customers where id = $2 and erased_at is not null)
    on conflict do nothing
"""
_ADD_ENTRIES = """
    insert into customer_timeline (tenant_id, customer_id, id, kind, subject_id, actor_id, occurred_at)
    select $1, e.* from unnest($2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::uuid[], $7::timestamptz[])
        e (customer_id, id, kind, subject_id, actor_id, occurred_at)
    join customers c on c.id = e.customer_id and c.erased_at is null
    on conflict do nothing
"""
# Whatever is written to a customer has it found by what is there then.
_REINDEX = "update customers set version = version where id = $1"
_LIST = Keyset(
    table="customer_timeline t",
    fields="id, kind, subject_id, actor_id, occurred_at,"
    " (select n.text from customer_notes n where n.tenant_id = t.tenant_id and n.id = t.subject_id) as text",
    sorts={"occurred_at": SortKey("occurred_at", datetime)},
)


class PostgresCustomerNotes:
    """The `CustomerNotes` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def add(self, note: CustomerNote) -> None:
        self._work.put(
            _ADD_NOTE, note.id, note.customer_id, note.author_id, note.text,
            note.version, note.created_at, note.updated_at,
        )  # fmt: skip
        await self._work.connection.execute(_REINDEX, note.customer_id)


class PostgresTimelineEntries:
    """The `TimelineEntries` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def add(self, entry: TimelineEntry) -> None:
        self._work.put(
            _ADD_ENTRY, entry.customer, entry.id, entry.kind.value, entry.subject, entry.actor,
            entry.occurred_at,
        )  # fmt: skip

    async def add_all(self, entries: Sequence[TimelineEntry]) -> None:
        rows = [
            (each.customer, each.id, each.kind.value, each.subject, each.actor, each.occurred_at) for each in entries
        ]
        await self._work.connection.execute(_ADD_ENTRIES, self._work.tenant, *map(list, zip(*rows, strict=True)))


class PostgresTimelineQueries:
    """The `TimelineQueries` of the actor's tenant."""

    def __init__(self, actor: Actor, work: PostgresWork) -> None:
        self._actor = actor
        self._work = work

    async def page(self, customer: UUID, request: PageRequest) -> Page[TimelineEntryView]:
        self._actor.must(Permission.CUSTOMERS_READ)
        async with self._work:
            ids = await PostgresIdentities(self._work).of(customer)
            known = ("customer_id = {}", ids[0]) if len(ids) == 1 else ("customer_id = any ({})", ids)
            return await _LIST.page(self._work.connection, [known], request, _view)


def _view(row: asyncpg.Record) -> TimelineEntryView:
    return TimelineEntryView(
        id=row["id"],
        kind=TimelineKind(row["kind"]),
        subject_id=row["subject_id"],
        actor_id=row["actor_id"],
        text=row["text"],
        occurred_at=timestamp(row["occurred_at"]),
    )

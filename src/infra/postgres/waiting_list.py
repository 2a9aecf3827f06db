"""The waiting list in Postgres."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from domains.appointments import WaitingEntry, WaitingFilter, WaitingView
from domains.shared.actor import Actor
from domains.shared.errors import NotFound
from domains.shared.paging import Page, PageRequest
from domains.shared.permissions import Permission
from infra.postgres.customer_identities import of_customer
from infra.postgres.keyset import Keyset, SortKey
from infra.postgres.own_fields import inserting, updating
from infra.postgres.slot_holds import json_of
from infra.postgres.work import PostgresWork

_NAMES = WaitingEntry.__struct_fields__
_FIELDS = ", ".join(_NAMES)
_SAVED = tuple(name for name in _NAMES if name not in {"id", "customer_id", "service_id", "contact", "created_at"})
_ADD = inserting("waiting_list", _NAMES)
_SAVE = updating("waiting_list", _SAVED)
_ONE = f"select {_FIELDS} from waiting_list where id = $1"  # noqa: S608 - put together from constants
_FOR_CHANGE = f"{_ONE} for no key update"
_FORGET = "delete from waiting_list where id = $1"
_IN_ORDER = """
    select w.id from waiting_list w join customers c on c.tenant_id = w.tenant_id and c.id = w.customer_id
    where w.status = 'waiting' and w.until_at > $1 and c.erased_at is null order by w.created_at, w.id
"""
_COUNT = "select count(*) from waiting_list where status in ('waiting', 'offered')"
_LIST = Keyset(table="waiting_list", fields=_FIELDS, sorts={"created_at": SortKey("created_at", datetime)})


class PostgresWaitingList:
    """The `WaitingList` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def add(self, entry: WaitingEntry) -> None:
        await self._work.connection.execute(_ADD, self._work.tenant, *_values(entry, _NAMES))

    async def find(self, entry_id: UUID) -> WaitingEntry:
        return await self._one(_ONE, entry_id)

    async def for_change(self, entry_id: UUID) -> WaitingEntry:
        return await self._one(_FOR_CHANGE, entry_id)

    async def save(self, entry: WaitingEntry) -> None:
        await self._work.connection.execute(_SAVE, entry.id, *_values(entry, _SAVED))

    async def forget(self, entry_id: UUID) -> None:
        await self._work.connection.execute(_FORGET, entry_id)

    async def in_order(self, now: datetime) -> Sequence[UUID]:
        return [row["id"] for row in await self._work.connection.fetch(_IN_ORDER, now)]

    async def count(self) -> int:
        return int(await self._work.connection.fetchval(_COUNT))

    async def _one(self, query: str, entry_id: UUID) -> WaitingEntry:
        row = await self._work.connection.fetchrow(query, entry_id)
        if row is None:
            raise NotFound.one("place")
        return _entry(row)


class PostgresWaitingQueries:
    """The `WaitingQueries` of the actor's tenant."""

    def __init__(self, actor: Actor, work: PostgresWork) -> None:
        self._actor = actor
        self._work = work

    async def one(self, entry_id: UUID) -> WaitingView:
        self._actor.must(Permission.APPOINTMENTS_READ)
        async with self._work:
            row = await self._work.connection.fetchrow(_ONE, entry_id)
        if row is None:
            raise NotFound.one("place")
        return WaitingView.of(_entry(row))

    async def page(self, wanted: WaitingFilter, request: PageRequest) -> Page[WaitingView]:
        self._actor.must(Permission.APPOINTMENTS_READ)
        async with self._work:
            conditions = [*_conditions(wanted), *await of_customer(self._work, wanted.customer_id)]
            return await _LIST.page(self._work.connection, conditions, request, lambda row: WaitingView.of(_entry(row)))


def _conditions(wanted: WaitingFilter) -> Iterator[tuple[str, object]]:
    if wanted.status is not None:
        yield ("status = {}", wanted.status.value)
    if wanted.service_id is not None:
        yield ("service_id = {}", wanted.service_id)


def _entry(row: asyncpg.Record) -> WaitingEntry:
    return msgspec.convert({name: row[name] for name in _NAMES}, WaitingEntry)


def _values(entry: WaitingEntry, fields: Sequence[str]) -> list[object]:
    return [json_of(entry.contact) if name == "contact" else getattr(entry, name) for name in fields]

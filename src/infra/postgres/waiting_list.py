"""The waiting list in Postgres."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import msgspec

from domains.appointments import OpenPlaces, WaitingEntry, WaitingFilter, WaitingView
from domains.shared.actor import Actor
from domains.shared.errors import NotFound
from domains.shared.paging import Page, PageRequest
from domains.shared.permissions import Permission
from infra.postgres.customer_identities import of_customer
from infra.postgres.keyset import Keyset, SortKey
from infra.postgres.own_fields import inserting, updating
from infra.postgres.slot_holds import alone, json_of
from infra.postgres.work import PostgresWork

_NAMES = WaitingEntry.__struct_fields__
_FIELDS = ", ".join(_NAMES)
_FIXED = {"id", "customer_id", "service_id", "contact", "created_at", "visitor", "repeats"}
_SAVED = tuple(name for name in _NAMES if name not in _FIXED)
_ADD = inserting("waiting_list", _NAMES)
_SAVE = updating("waiting_list", _SAVED)
_ONE = f"select {_FIELDS} from waiting_list where id = $1"  # noqa: S608 - put together from constants
_FOR_CHANGE = f"{_ONE} for no key update"
_FORGET = "delete from waiting_list where id = $1"
_IN_ORDER = f"""
    select {", ".join(f"w.{name}" for name in _NAMES)} from waiting_list w
    join customers c on c.tenant_id = w.tenant_id and c.id = w.customer_id
    where w.status = 'waiting' and w.repeats is null and w.until_at > $1 and c.erased_at is null
    order by w.created_at, w.id
"""  # noqa: S608 - as above
_COUNT = """
    select count(*) as of_all, count(*) filter (where visitor = $1) as of_visitor,
           count(*) filter (where customer_id = $2) as of_customer,
           (array_agg(id order by created_at, id) filter (where repeats is null and customer_id = $2
               and service_id = $3 and (staff_id is null or staff_id = $4) and from_at <= $5 and until_at >= $6))[1]
           as same,
           min(until_at) filter (where visitor = $1 or customer_id = $2) as frees_at
    from waiting_list where status in ('waiting', 'offered')
"""
_INHERIT = f"""
    update waiting_list w set repeats = nullif(heir.id, w.id)
    from (select id from waiting_list where repeats = $1 and status = 'waiting' order by created_at, id limit 1) heir
    where w.repeats = $1 returning {", ".join(f"w.{name}" for name in _NAMES)}
"""  # noqa: S608 - as above
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

    async def in_order(self, now: datetime) -> Sequence[WaitingEntry]:
        return [_entry(row) for row in await self._work.connection.fetch(_IN_ORDER, now)]

    async def count(self, entry: WaitingEntry, *, now: datetime) -> OpenPlaces:
        await alone(self._work, b"waiting list")
        [row] = await self._work.connection.fetch(
            _COUNT, entry.visitor, entry.customer_id, entry.service_id, entry.staff_id, entry.from_at, entry.until_at
        )
        frees_in = row["frees_at"] - now if row["frees_at"] else timedelta()
        return OpenPlaces(row["of_all"], row["of_visitor"], row["of_customer"], row["same"], frees_in)

    async def inherit(self, entry_id: UUID) -> WaitingEntry | None:
        heirs = await self._work.connection.fetch(_INHERIT, entry_id)
        return next((_entry(row) for row in heirs if row["repeats"] is None), None)

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
    yield ("(repeats is null) = {}", True)
    if wanted.status is not None:
        yield ("status = {}", wanted.status.value)
    if wanted.service_id is not None:
        yield ("service_id = {}", wanted.service_id)


def _entry(row: asyncpg.Record) -> WaitingEntry:
    return msgspec.convert({name: row[name] for name in _NAMES}, WaitingEntry)


def _values(entry: WaitingEntry, fields: Sequence[str]) -> list[object]:
    return [json_of(entry.contact) if name == "contact" else getattr(entry, name) for name in fields]

"""Times that are held, in Postgres, and blocking people and resources for a visit or a hold."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import partial
from types import MappingProxyType
from uuid import UUID

import msgspec

from domains.appointments import Appointment, Counted, Hold, LetGo, SlotTaken, Span, VisitContact
from infra.postgres.own_fields import inserting
from infra.postgres.work import PostgresWork

_FIELDS = Hold.__struct_fields__
_CLAIM = """
    insert into occupancies (tenant_id, blocker_id, holder_id, starts_at, ends_at, expires_at)
    select $1, $2, holder, $4, $5, $6 from unnest($3::uuid[]) holder order by holder
"""
_FASTER = MappingProxyType({"occupancies_never_meet": partial(SlotTaken, "Another visit was faster.")})
_ONE = f"select {', '.join(_FIELDS)} from slot_holds where id = $1"  # noqa: S608 - put together from constants
_ADD = inserting("slot_holds", _FIELDS)
_LET_GO = """
    with held as (delete from slot_holds where id = any ($1) returning id, blocked_from, blocked_until, visitor),
         freed as (delete from occupancies where blocker_id = any ($1) and expires_at is not null)
    select id, blocked_from, blocked_until, visitor is not null as of_visitor from held order by blocked_from, id
"""
_ALONE = "select pg_advisory_xact_lock($1)"
_COUNT = """
    select count(*) filter (where visitor = $1) as own, count(*) as all_of_them,
           min(expires_at) filter (where visitor = $1) as frees_at
    from slot_holds where expires_at > $2 and visitor is not null
"""
_IS_WAITED_FOR = """
    select exists (select from waiting_list where status = 'waiting' and from_at < $2 and until_at > $1)
"""


class PostgresHolds:
    """The `Holds` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def hold(self, hold_id: UUID) -> Hold | None:
        row = await self._work.connection.fetchrow(_ONE, hold_id)
        return msgspec.convert(dict(row), Hold) if row else None

    async def add_hold(self, hold: Hold) -> None:
        values = [getattr(hold, name) for name in _FIELDS]
        await self._work.connection.execute(_ADD, self._work.tenant, *values)
        claim(self._work, hold, until=hold.expires_at)

    async def let_go(self, hold_ids: Collection[UUID]) -> Sequence[LetGo]:
        if not hold_ids:
            return ()
        rows = await self._work.connection.fetch(_LET_GO, list(hold_ids))
        return [LetGo(row["id"], Span(row["blocked_from"], row["blocked_until"]), row["of_visitor"]) for row in rows]

    async def count_holds(self, visitor: bytes, *, now: datetime) -> Counted:
        await alone(self._work, b"holds")
        row = await self._work.connection.fetchrow(_COUNT, visitor, now)
        if row is None:
            raise RuntimeError("Counting gives a row.")
        return Counted(row["own"], row["all_of_them"], row["frees_at"] - now if row["frees_at"] else timedelta())

    async def is_waited_for(self, span: Span) -> bool:
        return bool(await self._work.connection.fetchval(_IS_WAITED_FOR, span.start, span.end))


async def alone(work: PostgresWork, what: bytes) -> None:
    """Wait until nobody else of the tenant does `what`: it is locked until the work ends."""
    key = hashlib.blake2b(what + work.tenant.bytes, digest_size=8).digest()
    await work.connection.execute(_ALONE, int.from_bytes(key, signed=True))


def claim(work: PostgresWork, what: Appointment | Hold, *, until: datetime | None = None) -> None:
    """Block those that it has, in its blocked time. The work may end with `SlotTaken`."""
    holders = [*((what.staff_id,) if what.staff_id else ()), *what.resource_ids]
    span = what.blocked
    if holders:
        work.put(_CLAIM, what.id, holders, span.start, span.end, until, refusals=_FASTER)


def json_of(contact: VisitContact | None) -> str | None:
    return msgspec.json.encode(contact).decode() if contact else None

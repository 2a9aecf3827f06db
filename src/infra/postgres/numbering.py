"""Giving events their numbers: one relay at a time for each slot of tenants, on a connection of its own."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import asyncpg

from domains.shared.errors import Unavailable
from infra.postgres.streaming import WAKE

GROWN = "frontdesk_grown"
BATCH = 1000
SLOTS = range(16)

_LOCK_CLASS = 7_061_725
_CONNECT_SECONDS = 5.0
_LONGEST_PAYLOAD = 7_500
_KEPT = "7 days"
_FORGOTTEN_AT_ONCE = 5000

_HOLD = "select slot from unnest($1::smallint[]) slot where pg_try_advisory_lock($2, slot)"
_NUMBER = f"""
    with taken as (
        delete from work.stream s using (
            select tenant_id, event_id from work.stream where slot = any ($1::smallint[]) order by id limit {BATCH}
        ) first
        where s.tenant_id = first.tenant_id and s.event_id = first.event_id
        returning s.tenant_id, s.id, s.event_id, s.type, s.audience, s.subject_id, s.subject_version
    ), heads as (
        insert into work.stream_heads as h (tenant_id, seq)
        select tenant_id, count(*) from taken group by tenant_id order by tenant_id
        on conflict (tenant_id) do update set seq = h.seq + excluded.seq
        returning tenant_id, seq
    ), logged as (
        insert into event_log (tenant_id, seq, event_id, type, audience, subject_id, subject_version)
        select t.tenant_id, h.seq + 1 - row_number() over (partition by t.tenant_id order by t.id desc),
               t.event_id, t.type, t.audience, t.subject_id, t.subject_version
        from taken t join heads h on h.tenant_id = t.tenant_id
    ), grown as (select string_agg(tenant_id::text, ' ') as tenants from heads)
    select (select count(*) from taken) as moved, tenants,
           case when tenants is not null
                then pg_notify($2, case when length(tenants) <= {_LONGEST_PAYLOAD} then tenants else '' end) end
    from grown
"""  # noqa: S608 - put together from constants
_FORGET = f"""
    delete from event_log where ctid = any (array(
        select ctid from event_log where recorded_at < now() - interval '{_KEPT}' limit {_FORGOTTEN_AT_ONCE}
    ))
"""  # noqa: S608 - as above


Announce = Callable[[str], Awaitable[None]]


class Numbering:
    """Moves events from `work.stream` to `event_log`, and says so on the channel `frontdesk_grown`.

    `announce` says it elsewhere too, after the commit.

    Slots are held by session locks: a relay that dies, or loses its connection, frees them at once.
    """

    def __init__(self, url: str, *, announce: Announce | None = None) -> None:
        self._url = url
        self._announce = announce
        self._connection: asyncpg.Connection | None = None
        self._held: list[int] = []
        self.woken = asyncio.Event()

    @property
    def batch(self) -> int:
        """The most that one call of `number` moves."""
        return BATCH

    @property
    def held(self) -> Sequence[int]:
        """The slots that are this relay's."""
        return self._held

    async def hold(self) -> None:
        """Take every slot that is free."""
        connection = await self._connected()
        free = [slot for slot in SLOTS if slot not in self._held]
        if free:
            self._held += [row["slot"] for row in await connection.fetch(_HOLD, free, _LOCK_CLASS)]

    async def number(self) -> int:
        """Number the oldest events of the slots held, in one statement; say how many. At most `BATCH`."""
        connection = await self._connected()
        if not self._held:
            return 0
        row = await connection.fetchrow(_NUMBER, self._held, GROWN)
        if row and row["tenants"] and self._announce:
            await self._announce(row["tenants"])
        return int(row["moved"]) if row else 0

    async def forget(self) -> bool:
        """Drop what is older than a week: whoever missed that much starts anew. Say whether there may be more."""
        done = await (await self._connected()).execute(_FORGET)
        return done == f"DELETE {_FORGOTTEN_AT_ONCE}"

    async def close(self) -> None:
        """Free the slots."""
        connection, self._connection = self._connection, None
        self._held = []
        if connection is not None:
            connection.terminate()

    async def _connected(self) -> asyncpg.Connection:
        if self._connection is None or self._connection.is_closed():
            await self.close()
            try:
                self._connection = await asyncpg.connect(
                    self._url, timeout=_CONNECT_SECONDS, command_timeout=_CONNECT_SECONDS
                )
            except (OSError, asyncpg.PostgresError) as error:
                raise Unavailable("The database cannot be reached.") from error
            await self._connection.add_listener(WAKE, self._hear)
        return self._connection

    def _hear(self, *_notification: Any) -> None:
        self.woken.set()

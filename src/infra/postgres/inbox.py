"""Deliveries of webhooks in Postgres, and those that wait for an operator."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from domains.inbox import APPLY_DELIVERY, Delivery, DeliveryState
from domains.shared.vendors import CallState
from infra.postgres.database import Database
from infra.postgres.unsettled import raise_call, settle_call
from infra.postgres.work import PostgresWork

_LISTED_AS = "inbox"
_KEEP = """
    insert into inbox (tenant_id, id, integration_id, provider, event_id, body, received_at)
    values ($1, $2, $3, $4, $5, $6, $7) on conflict (tenant_id, integration_id, event_id) do nothing
"""
_FOR_CHANGE = """
    select id, integration_id as integration, provider, event_id, body, received_at, state, tries
    from inbox where id = $1 for no key update
"""
_APPLIED = "update inbox set state = 'applied', waits_for = null, applied_at = $2 where id = $1"
_WAITS = "update inbox set state = $2, waits_for = $3, tries = tries + 1 where id = $1"
_WAITING_FOR = "select id from inbox where waits_for = $1 and state in ('waiting', 'stranded') order by id"
_TAKE_UP = "update inbox set state = 'received', applied_at = null where id = $1"
_UNPARK = "delete from work.envelopes where subject_id = $1 and kind = $2 and parked_at is not null"
_FORGET = "delete from inbox where id = $1"
_STUCK = """
    select tenant_id, id, 'stranded' as state, since from work.unsettled where vendor = $1
    union all
    select tenant_id, subject_id, 'parked', parked_at from work.envelopes where kind = $2 and parked_at is not null
    order by since, id limit $3
"""


class PostgresInbox:
    """The `Inbox`."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def keep(self, delivery: Delivery) -> bool:
        answer = await self._work.connection.execute(
            _KEEP, self._work.tenant, delivery.id, delivery.integration, delivery.provider, delivery.event_id,
            delivery.body, delivery.received_at,
        )  # fmt: skip
        return bool(answer == "INSERT 0 1")

    async def for_change(self, delivery_id: UUID) -> Delivery | None:
        row = await self._work.connection.fetchrow(_FOR_CHANGE, delivery_id)
        return Delivery(**{**row, "state": DeliveryState(row["state"])}) if row else None

    async def applied(self, delivery_id: UUID, *, now: datetime) -> None:
        await self._work.connection.execute(_APPLIED, delivery_id, now)
        await settle_call(self._work, delivery_id)

    async def put_off(self, delivery_id: UUID, *, waits_for: str) -> None:
        await self._work.connection.execute(_WAITS, delivery_id, DeliveryState.WAITING.value, waits_for)

    async def strand(self, delivery_id: UUID, *, waits_for: str) -> None:
        await self._work.connection.execute(_WAITS, delivery_id, DeliveryState.STRANDED.value, waits_for)
        await raise_call(self._work, delivery_id, vendor=_LISTED_AS, state=CallState.FAILED)

    async def waiting_for(self, name: str) -> list[UUID]:
        return [row["id"] for row in await self._work.connection.fetch(_WAITING_FOR, name)]

    async def take_up(self, delivery_id: UUID) -> None:
        await self._work.connection.execute(_TAKE_UP, delivery_id)
        await self._work.connection.execute(_UNPARK, delivery_id, APPLY_DELIVERY)
        await settle_call(self._work, delivery_id)

    async def forget(self, delivery_id: UUID) -> None:
        await settle_call(self._work, delivery_id)
        await self._work.connection.execute(_FORGET, delivery_id)


class StuckDelivery(msgspec.Struct, frozen=True):
    """One that needs an operator. `parked`: its effect failed too often; `stranded`: what it is about never came."""

    tenant: UUID
    id: UUID
    state: str
    since: datetime


async def stuck_deliveries(relaying: Database, *, most: int) -> Sequence[StuckDelivery]:
    """The oldest first, of all tenants, as the relay sees them."""
    async with relaying.connection() as connection:
        rows = await connection.fetch(_STUCK, _LISTED_AS, APPLY_DELIVERY, most)
    return [StuckDelivery(*row.values()) for row in rows]

"""What vendors were asked and did not do, or nobody can tell: ids and states of all tenants, for operators."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from domains.shared.vendors import CallState
from infra.postgres.database import Database
from infra.postgres.work import PostgresWork

_RAISE = """
    insert into work.unsettled (tenant_id, id, vendor, state) values ($1, $2, $3, $4)
    on conflict (tenant_id, id) do update set state = excluded.state
"""
_SETTLE = "delete from work.unsettled where id = $1"
_LIST = """
    select tenant_id, id, vendor, state, since from work.unsettled
    where vendor = $1 order by state desc, since, id limit $2
"""
_IN_DOUBT = "select count(*) from work.unsettled where state = 'unknown'"


class Unsettled(msgspec.Struct, frozen=True):
    """One call. `unknown` raises an alert, `failed` is shown only."""

    tenant: UUID
    id: UUID
    vendor: str
    state: str
    since: datetime


async def raise_call(work: PostgresWork, call: UUID, *, vendor: str, state: CallState) -> None:
    """List it, in the present work."""
    await work.connection.execute(_RAISE, work.tenant, call, vendor, state.value)


async def settle_call(work: PostgresWork, call: UUID) -> None:
    """Take it from the list, in the present work."""
    await work.connection.execute(_SETTLE, call)


async def unsettled(relaying: Database, vendor: str, *, most: int) -> Sequence[Unsettled]:
    """Those in doubt first, the oldest first, as the relay sees them."""
    async with relaying.connection() as connection:
        rows = await connection.fetch(_LIST, vendor, most)
    return [Unsettled(*row.values()) for row in rows]


async def in_doubt(relaying: Database) -> int:
    """How many calls to vendors have an outcome that nobody knows."""
    async with relaying.connection() as connection:
        return int(await connection.fetchval(_IN_DOUBT))

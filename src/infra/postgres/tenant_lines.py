"""The directory's lines of all tenants, over the connection of who owns the database. No serving role may do this."""

from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from domains.shared.plans import Plan, TenantLimits
from domains.tenants import TenantLine
from infra.postgres.work import PostgresWork

_LINE = """
    select t.id, t.slug, t.name, t.plan, t.suspended_at, t.deletes_at, t.created_at, t.limits,
           (select count(*) from directory.memberships m where m.tenant_id = t.id) as members
    from directory.tenants t
"""
_PAGE = f"{_LINE} where t.slug > $1 order by t.slug limit $2"
_FIND = f"{_LINE} where t.slug = $1"
_SUSPEND = "update directory.tenants set suspended_at = $2 where id = $1"
_LIMITS = "select limits from directory.tenants where id = $1 for no key update"
_PUT_LIMITS = "update directory.tenants set limits = $2 where id = $1"
_PLAN = "update directory.tenants set plan = $2 where id = $1"


class PostgresTenantLines:
    """The `TenantLines`."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def page(self, *, after: str, most: int) -> list[TenantLine]:
        rows = await self._work.connection.fetch(_PAGE, after, most)
        return [_line(row) for row in rows]

    async def find(self, slug: str) -> TenantLine | None:
        row = await self._work.connection.fetchrow(_FIND, slug)
        return _line(row) if row else None

    async def suspend(self, tenant: UUID, *, at: datetime | None) -> None:
        self._work.changes_access()
        await self._work.connection.execute(_SUSPEND, tenant, at)

    async def put_on(self, tenant: UUID, plan: Plan) -> None:
        self._work.changes_access()
        await self._work.connection.execute(_PLAN, tenant, plan.value)

    async def limits(self, tenant: UUID) -> TenantLimits:
        return TenantLimits.read(await self._work.connection.fetchval(_LIMITS, tenant))

    async def put_limits(self, tenant: UUID, limits: TenantLimits) -> None:
        self._work.changes_access()
        await self._work.connection.execute(_PUT_LIMITS, tenant, msgspec.json.encode(limits).decode())


def _line(row: asyncpg.Record) -> TenantLine:
    return msgspec.convert({**row, "limits": TenantLimits.read(row["limits"])}, TenantLine)

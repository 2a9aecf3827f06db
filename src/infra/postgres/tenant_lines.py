"""The directory's lines of all tenants, over the connection of who owns the database. No serving role may do this."""

from datetime import datetime
from uuid import UUID

import msgspec

from domains.shared.plans import Plan
from domains.tenants import TenantLine
from infra.postgres.work import PostgresWork

_LINE = """
    select t.id, t.slug, t.name, t.plan, t.suspended_at, t.deletes_at, t.created_at,
           (select count(*) from directory.memberships m where m.tenant_id = t.id) as members
    from directory.tenants t
"""
_PAGE = f"{_LINE} where t.slug > $1 order by t.slug limit $2"
_FIND = f"{_LINE} where t.slug = $1"
_SUSPEND = "update directory.tenants set suspended_at = $2 where id = $1"
_PLAN = "update directory.tenants set plan = $2 where id = $1"


class PostgresTenantLines:
    """The `TenantLines`."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def page(self, *, after: str, most: int) -> list[TenantLine]:
        rows = await self._work.connection.fetch(_PAGE, after, most)
        return [msgspec.convert(dict(row), TenantLine) for row in rows]

    async def find(self, slug: str) -> TenantLine | None:
        row = await self._work.connection.fetchrow(_FIND, slug)
        return msgspec.convert(dict(row), TenantLine) if row else None

    async def suspend(self, tenant: UUID, *, at: datetime | None) -> None:
        await self._work.connection.execute(_SUSPEND, tenant, at)

    async def put_on(self, tenant: UUID, plan: Plan) -> None:
        await self._work.connection.execute(_PLAN, tenant, plan.value)

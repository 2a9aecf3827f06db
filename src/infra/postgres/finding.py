"""Finding what is due, over all tenants: the relay's role sees envelopes, and takes none."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from domains.shared.envelopes import Envelope
from infra.postgres.database import Database

_MOST = 200
_MOST_OF_ONE_TENANT = 20

IS_DUE = "parked_at is null and retry_at <= now() and due_at <= now() + (select ahead from work.clock)"
_FIELDS = "tenant_id, id, kind, subject_id, due_at, attempts"

# Cheap while little waits, but a tenant's flood fills it.
_FIRST = f"""
    select {_FIELDS} from work.envelopes where {IS_DUE} order by due_at, id limit {_MOST}
"""  # noqa: S608 - put together from constants
# Steps from tenant to tenant on the index, however much each has waiting.
_TENANTS = """
    with recursive tenants as (
        (select tenant_id from work.envelopes where parked_at is null order by tenant_id limit 1)
        union all
        select (select e.tenant_id from work.envelopes e where e.parked_at is null and e.tenant_id > t.tenant_id
                order by e.tenant_id limit 1)
        from tenants t where t.tenant_id is not null
    )
"""
_OF_EACH_TENANT = f"""
    {_TENANTS}
    select found.* from tenants t cross join lateral (
        select {_FIELDS} from work.envelopes e where e.tenant_id = t.tenant_id and {IS_DUE} and kind <> all ($1)
        order by due_at, id limit {_MOST_OF_ONE_TENANT}
    ) found order by due_at, id
"""  # noqa: S608 - as above
_WITH_SOME = f"""
    {_TENANTS}
    select t.tenant_id from tenants t cross join lateral (
        select due_at from work.envelopes e where e.tenant_id = t.tenant_id and {IS_DUE} and kind = any ($1)
        order by due_at, id limit 1
    ) found order by due_at
"""  # noqa: S608 - as above
_AHEAD = "select ahead from work.clock"
# What is held or soon tried again still counts as waiting; what has failed for longer does not stop the clock.
_REACHED = """
    update work.clock set reached = $1::interval
    where reached <> $1::interval and not exists (
        select from work.envelopes
        where parked_at is null and due_at <= now() + $1::interval and retry_at <= now() + $2::interval
    )
"""


class Finding:
    """Looks for what is due."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def envelopes(self, *, but: Collection[str], soon: timedelta) -> list[Envelope]:
        """Those of other kinds than `but`, the longest due first, and where there are many, some of each tenant.

        Where there is none, the business clock has reached what it was moved to, unless some are due or will be tried
        again `soon`.
        """
        async with self._database.connection() as driver:
            ahead = await driver.fetchval(_AHEAD)
            rows = await driver.fetch(_FIRST)
            if len(rows) == _MOST:
                rows = await driver.fetch(_OF_EACH_TENANT, list(but))
            if not rows:
                await driver.execute(_REACHED, ahead, soon)
        return [Envelope(*row.values()) for row in rows if row["kind"] not in but]

    async def tenants(self, kinds: Collection[str]) -> list[UUID]:
        """Those that have something of these `kinds`, the longest due first."""
        async with self._database.connection() as driver:
            rows = await driver.fetch(_FIRST)
            if len(rows) == _MOST:
                return [row["tenant_id"] for row in await driver.fetch(_WITH_SOME, list(kinds))]
        return list(dict.fromkeys(row["tenant_id"] for row in rows if row["kind"] in kinds))

"""Envelopes in Postgres: the relay's role finds them, the application's role, bound to their tenant, takes them."""

from datetime import timedelta
from uuid import UUID

from domains.shared.envelopes import Envelope
from infra.postgres.binding import begin, commit, roll_back
from infra.postgres.database import Database, driver_of

LEASE = timedelta(seconds=8)
_MOST = 200
_MOST_OF_ONE_TENANT = 20

_IS_DUE = "parked_at is null and retry_at <= now() and due_at <= now() + (select ahead from work.clock)"
_FIELDS = "tenant_id, id, kind, subject_id, due_at, attempts"

# Cheap while little waits, but a tenant's flood fills it.
_FIRST = f"""
    select {_FIELDS} from work.envelopes where {_IS_DUE} order by due_at, id limit {_MOST}
"""  # noqa: S608 - put together from constants
# Steps from tenant to tenant on the index, however much each has waiting.
_OF_EACH_TENANT = f"""
    with recursive tenants as (
        (select tenant_id from work.envelopes where parked_at is null order by tenant_id limit 1)
        union all
        select (select e.tenant_id from work.envelopes e where e.parked_at is null and e.tenant_id > t.tenant_id
                order by e.tenant_id limit 1)
        from tenants t where t.tenant_id is not null
    )
    select found.* from tenants t cross join lateral (
        select {_FIELDS} from work.envelopes e where e.tenant_id = t.tenant_id and {_IS_DUE}
        order by due_at, id limit {_MOST_OF_ONE_TENANT}
    ) found order by due_at, id
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
_CLAIM = f"""
    update work.envelopes set attempts = attempts + 1, retry_at = now() + $2 where id = (
        select id from work.envelopes where id = $1 and {_IS_DUE} for update skip locked
    )
"""  # noqa: S608 - as above
_KEEP = "update work.envelopes set retry_at = now() + $2 where id = $1"
_PARK = "update work.envelopes set parked_at = now() where id = $1"
_DONE = "delete from work.envelopes where id = $1"


class PostgresEnvelopes:
    """The `Envelopes`. What a killed worker held is free again after `LEASE`."""

    def __init__(self, *, finding: Database, taking: Database) -> None:
        self._finding = finding
        self._taking = taking

    async def due(self) -> list[Envelope]:
        async with self._finding.connection() as connection:
            driver = await driver_of(connection)
            ahead = await driver.fetchval(_AHEAD)
            rows = await driver.fetch(_FIRST)
            if len(rows) == _MOST:
                rows = await driver.fetch(_OF_EACH_TENANT)
            if not rows:
                await driver.execute(_REACHED, ahead, LEASE)
        return [Envelope(*row.values()) for row in rows]

    async def claim(self, envelope: Envelope) -> bool:
        return await self._execute(_CLAIM, envelope.tenant, envelope.id, LEASE) == "UPDATE 1"

    async def keep(self, envelope: Envelope) -> None:
        await self._execute(_KEEP, envelope.tenant, envelope.id, LEASE)

    async def done(self, envelope: Envelope) -> None:
        await self._execute(_DONE, envelope.tenant, envelope.id)

    async def put_off(self, envelope: Envelope, *, seconds: float) -> None:
        await self._execute(_KEEP, envelope.tenant, envelope.id, timedelta(seconds=seconds))

    async def park(self, envelope: Envelope) -> None:
        await self._execute(_PARK, envelope.tenant, envelope.id)

    async def _execute(self, statement: str, tenant: UUID, *values: object) -> str:
        async with self._taking.connection(tenant) as connection:
            driver = await driver_of(connection)
            await begin(driver, tenant)
            try:
                answer = await driver.execute(statement, *values)
            except BaseException:
                await roll_back(driver)
                raise
            await commit(driver)
        return answer

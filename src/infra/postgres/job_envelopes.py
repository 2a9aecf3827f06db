"""The envelopes of jobs: the relay's role finds them, the application's role, bound to their tenant, takes them."""

from datetime import timedelta
from uuid import UUID

import asyncpg
import msgspec

from domains.jobs import JobEnvelope, Run
from infra.postgres.binding import begin, commit, roll_back
from infra.postgres.database import Database

LEASE = timedelta(seconds=10)
_UNTIL_HANDED_AGAIN = timedelta(seconds=10)
_UNTIL_A_PLACE_IS_FREE = timedelta(seconds=1)
_AT_ONCE_OF_A_TENANT = 2
_MOST = 50

_WAITING = f"""
    with live as (select *, held_until > now() as is_held from work.jobs where parked_at is null),
         ready as (
            select *, row_number() over (partition by tenant_id, kind order by queued_at, id) as turn
            from live where not is_held and hand_at <= now()
         )
    select r.tenant_id, r.id, r.kind from ready r
    where r.turn = 1
      and (select count(*) from live l where l.tenant_id = r.tenant_id and l.is_held) < {_AT_ONCE_OF_A_TENANT}
      and not exists (select from live l where l.tenant_id = r.tenant_id and l.kind = r.kind and l.is_held)
    order by r.queued_at, r.id limit {_MOST}
"""  # noqa: S608 - put together from constants
_HAND = """
    update work.jobs set hand_at = now() + $2::interval
    where id = $1 and parked_at is null and hand_at <= now() and held_until <= now()
"""
_FIND = "select tenant_id from work.jobs where id = $1 and kind = $2 and parked_at is null"
# Locked in one order, so that two claims of a tenant come one after the other and count the same rows.
_OF_THE_TENANT = """
    select id, kind, held_until > clock_timestamp() as is_held from work.jobs
    where parked_at is null order by id for no key update
"""
_CLAIM = """
    update work.jobs set fence = fence + 1, attempts = attempts + 1, held_until = clock_timestamp() + $2::interval
    where id = $1 returning fence, attempts
"""
_WAIT = "update work.jobs set hand_at = now() + $2::interval where id = $1"
_KEEP = """
    update work.jobs set held_until = clock_timestamp() + $3::interval
    where id = $1 and fence = $2 and held_until > clock_timestamp()
"""
_RELEASE = """
    update work.jobs set fence = fence + 1, held_until = '-infinity', hand_at = now() + $3::interval,
        attempts = attempts - (case when $4::boolean then 0 else least(attempts, 1) end)
    where id = $1 and fence = $2
"""
_PARKED = "select tenant_id, id, kind from work.jobs where parked_at is not null order by parked_at, id"
_BACKLOG = """
    select count(*) filter (where parked_at is null), count(*) filter (where held_until > now()),
           coalesce(extract(epoch from now() - min(queued_at) filter (where parked_at is null)), 0)::float8,
           count(*) filter (where parked_at is not null)
    from work.jobs
"""


class JobBacklog(msgspec.Struct, frozen=True):
    """Jobs that have not ended, those of them that run, the age of the oldest, and those that were given up."""

    unfinished: int
    running: int
    oldest_seconds: float
    parked: int


async def job_backlog(database: Database) -> JobBacklog:
    """Measure it, as the relay."""
    async with database.connection() as connection:
        [row] = await connection.fetch(_BACKLOG)
    return JobBacklog(*row.values())


class PostgresJobEnvelopes:
    """The `JobEnvelopes`. What a killed worker held is free again after `LEASE`."""

    def __init__(self, *, finding: Database, taking: Database) -> None:
        self._finding = finding
        self._taking = taking

    async def waiting(self) -> list[JobEnvelope]:
        return [JobEnvelope(*row.values()) for row in await self._found(_WAITING)]

    async def parked(self) -> list[JobEnvelope]:
        return [JobEnvelope(*row.values()) for row in await self._found(_PARKED)]

    async def hand(self, envelope: JobEnvelope) -> bool:
        return await self._execute(_HAND, envelope.tenant, envelope.id, _UNTIL_HANDED_AGAIN) == "UPDATE 1"

    async def claim(self, job: UUID, kind: str) -> Run | None:
        rows = await self._found(_FIND, job, kind)
        if not rows:
            return None
        tenant: UUID = rows[0]["tenant_id"]
        async with self._taking.connection(tenant) as driver:
            await begin(driver, tenant)
            try:
                taken = await _taken(driver, job)
                await commit(driver)
            except BaseException:
                await roll_back(driver)
                raise
        if taken is None:
            return None
        return Run(tenant=tenant, job=job, kind=kind, fence=taken["fence"], attempts=taken["attempts"])

    async def keep(self, run: Run) -> bool:
        return await self._execute(_KEEP, run.tenant, run.job, run.fence, LEASE) == "UPDATE 1"

    async def release(self, run: Run, *, seconds: float, failed: bool) -> None:
        await self._execute(_RELEASE, run.tenant, run.job, run.fence, timedelta(seconds=seconds), failed)

    async def _found(self, statement: str, *values: object) -> list[asyncpg.Record]:
        async with self._finding.connection() as connection:
            return list(await connection.fetch(statement, *values))

    async def _execute(self, statement: str, tenant: UUID, *values: object) -> str:
        async with self._taking.connection(tenant) as driver:
            await begin(driver, tenant)
            try:
                answer = str(await driver.execute(statement, *values))
            except BaseException:
                await roll_back(driver)
                raise
            await commit(driver)
        return answer


async def _taken(driver: asyncpg.Connection, job: UUID) -> asyncpg.Record | None:
    """The job's new fence; None where it is gone or held, or where its tenant has no place for it."""
    rows = {row["id"]: row for row in await driver.fetch(_OF_THE_TENANT)}
    if job not in rows or rows[job]["is_held"]:
        return None
    held = [row["kind"] for row in rows.values() if row["is_held"]]
    if rows[job]["kind"] in held or len(held) >= _AT_ONCE_OF_A_TENANT:
        await driver.execute(_WAIT, job, _UNTIL_A_PLACE_IS_FREE)
        return None
    return await driver.fetchrow(_CLAIM, job, LEASE)

"""Workers are killed at random while they run jobs: each effect happens exactly once. Attack C16 194, in short."""

import asyncio
import os
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from domains.jobs import Job
from domains.shared.ids import new_id
from infra.postgres.database import Database
from infra.postgres.jobs import PostgresJobs
from tests.faults.forked import FORKED
from tests.faults.job_worker import CHUNKS, KIND, serve
from tests.support.databases import TestDatabase, rows
from tests.support.soon import until
from tests.support.work import work_over

pytestmark = pytest.mark.breaks_invariants("tenants that nobody founded")

JOBS = int(os.environ.get("SOAK_JOBS", "8"))
KILLS = int(os.environ.get("SOAK_KILLS", "2"))
PATIENCE = 30 + KILLS * 15 + JOBS / 4
TENANTS = max(8, JOBS // 8)


@contextmanager
def worker(database: TestDatabase, redis: str, log: Path) -> Iterator[ForkServerProcess]:
    process = FORKED.Process(target=serve, args=(database.relay, database.app, redis, log), daemon=True)
    process.start()
    try:
        yield process
    finally:
        process.kill()
        process.join()
        process.close()


@pytest.fixture
async def begun(own_database: TestDatabase) -> AsyncIterator[list[Job]]:
    """Jobs of several tenants, that wait."""
    inspector = await asyncpg.connect(own_database.admin)
    await inspector.execute(
        "create table effects (job_id uuid, number integer); grant insert on effects to frontdesk_app"
    )
    taking = Database(own_database.app, size=6)
    jobs = []
    for tenant in [new_id() for _ in range(TENANTS)]:
        await inspector.execute(
            "insert into tenants (tenant_id, slug, name, timezone, currency, locale, created_at, updated_at)"
            " values ($1, 'T', 'T', 'UTC', 'USD', 'en', now(), now())",
            tenant,
        )
        jobs += [await begin(taking, tenant) for _ in range(JOBS // TENANTS)]
    await inspector.close()
    yield jobs
    await taking.close()


async def begin(taking: Database, tenant: UUID) -> Job:
    job = Job.begin(KIND.name, subject=new_id(), by=new_id(), now=datetime.now(UTC))
    async with work_over(taking, tenant) as work:
        await PostgresJobs(work).add(job)
    return job


async def done(database: TestDatabase) -> int:
    return int((await rows(database.admin, "select count(*) from effects"))[0][0])


async def all_have_ended(database: TestDatabase) -> bool:
    return not await rows(database.admin, "select 1 from work.jobs limit 1")


async def assert_each_effect_once(database: TestDatabase, jobs: list[Job]) -> None:
    found = await rows(database.admin, "select job_id, number from effects order by 1, 2")
    wanted = sorted((job.id, number) for job in jobs for number in range(1, CHUNKS + 1))
    assert [(row["job_id"], row["number"]) for row in found] == wanted
    states = await rows(database.admin, "select distinct status from jobs")
    assert [row["status"] for row in states] == ["succeeded"]


@pytest.fixture(params=["postgres", pytest.param("redis", marks=pytest.mark.redis)])
def redis(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue("own_redis").url) if request.param == "redis" else ""


async def test_killed_at_random_each_effect_happens_once(
    own_database: TestDatabase, begun: list[Job], redis: str, tmp_path: Path
) -> None:
    choice = random.Random(196)  # noqa: S311 - the same moments each time
    for _ in range(KILLS):
        before = await done(own_database)
        wanted = before + choice.randrange(1, CHUNKS * 2)
        with worker(own_database, redis, tmp_path / "log"):

            async def has_gone_on(wanted: int = wanted) -> bool:
                return await done(own_database) >= wanted or await all_have_ended(own_database)

            await until(has_gone_on, within=PATIENCE)
    with worker(own_database, redis, tmp_path / "log"):
        await until(lambda: all_have_ended(own_database), within=PATIENCE)
    await assert_each_effect_once(own_database, begun)


async def test_told_to_stop_it_hands_its_jobs_on_at_once(
    own_database: TestDatabase, begun: list[Job], redis: str, tmp_path: Path
) -> None:
    async def has_begun() -> bool:
        return await done(own_database) > 0

    with worker(own_database, redis, tmp_path / "log") as first:
        await until(has_begun)
        first.terminate()
        await asyncio.to_thread(first.join, PATIENCE)
        assert first.exitcode == 0, (tmp_path / "log").read_text()
    held = await rows(own_database.admin, "select 1 from work.jobs where held_until > now()")
    assert held == []
    with worker(own_database, redis, tmp_path / "log"):
        await until(lambda: all_have_ended(own_database), within=PATIENCE)
    await assert_each_effect_once(own_database, begun)

"""Jobs run in fenced chunks: no copy writes beside another, none is lost, none runs again. Attacks 27, 196 to 199."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
import pytest
from structlog.testing import capture_logs

from domains.jobs import Job, JobKind, JobUnderWay, Outcomes, Run, Superseded
from domains.shared.errors import NotFound
from domains.shared.ids import new_id
from infra.postgres.jobs import PostgresJobRun, PostgresJobs
from infra.postgres.work import PostgresWork
from tests.support.databases import TestDatabase, rows
from tests.support.jobs import Bench, Toy
from tests.support.work import CLOCK, work_over

pytestmark = pytest.mark.breaks_invariants("tenants that nobody founded")

KIND = JobKind(name="test.count", tries=2, chunk=4)
OTHER = JobKind(name="test.rest")
THIRD = JobKind(name="test.walk")
KINDS = {kind.name: kind for kind in (KIND, OTHER, THIRD)}
CHUNKS = 3

Chunk = Callable[[Run], Awaitable[Job]]


class Office(Bench):
    """A worker whose jobs count to three; `before` is called in each chunk, before it is stored."""

    def __init__(self, database: TestDatabase) -> None:
        self.turns: list[tuple[str, str]] = []
        super().__init__(database, Toy(self.chunk, self.give_up), KINDS, self.see)
        self.before: Callable[[Run], Awaitable[None]] | None = None
        self.stored: list[tuple[UUID, int]] = []

    def see(self, kind: str, outcome: str, seconds: float) -> None:
        self.turns.append((kind, outcome))

    async def tenant(self) -> UUID:
        tenant = new_id()
        await rows(
            self.database.admin,
            "insert into tenants (tenant_id, slug, name, timezone, currency, locale, created_at, updated_at)"
            " values ($1::uuid, $1::uuid::text, 'T', 'UTC', 'USD', 'en', now(), now()) returning 1",
            tenant,
        )
        return tenant

    async def begin(self, tenant: UUID, kind: JobKind = KIND, subject: UUID | None = None) -> Job:
        job = Job.begin(kind.name, subject=subject or new_id(), by=new_id(), now=datetime.now(UTC))
        async with work_over(self.taking, tenant) as work:
            await PostgresJobs(work).add(job)
        return job

    async def chunk(self, run: Run) -> Job:
        work = work_over(self.taking, run.tenant)
        jobs = PostgresJobRun(work, run)
        async with work:
            job = await jobs.job()
        if self.before:
            await self.before(run)
        async with work:
            job = await jobs.held()
            job.advance(position=job_place(), done=job.done + 1, total=CHUNKS, now=datetime.now(UTC))
            if job.done == CHUNKS:
                job.succeed(counts={"counted": CHUNKS}, file=None, now=datetime.now(UTC))
            await jobs.save(job)
        self.stored.append((job.id, job.done))
        return job

    async def give_up(self, run: Run) -> None:
        work = work_over(self.taking, run.tenant)
        await self.outcomes(work).give_up(PostgresJobRun(work, run))

    def outcomes(self, work: PostgresWork) -> Outcomes:
        return Outcomes(PostgresJobs(work), NoFiles(), CLOCK, work)

    async def state(self, job: Job) -> tuple[str, int]:
        [row] = await rows(self.database.admin, "select status, done from jobs where id = $1", job.id)
        return row["status"], row["done"]

    async def lapse(self, job: Job) -> None:
        """What a killed worker held is free."""
        await rows(self.database.admin, "update work.jobs set held_until = now() where id = $1 returning 1", job.id)


class NoFiles:
    """`Files` of jobs that make none."""

    async def put(self, job: UUID, part: str, content: bytes) -> None:
        raise AssertionError(part)

    def read(self, job: UUID, parts: object) -> AsyncIterator[bytes]:
        raise AssertionError(parts)

    async def delete(self, job: UUID) -> None:
        """There are none."""

    async def delete_all(self) -> None:
        """There are none."""


def job_place() -> Run:
    """Any struct will do as a position."""
    return Run(tenant=new_id(), job=new_id(), kind="", fence=0, attempts=0)


@pytest.fixture
async def office(own_database: TestDatabase) -> AsyncIterator[Office]:
    office = Office(own_database)
    yield office
    await office.close()


async def claimed(office: Office, job: Job) -> Run:
    run = await office.envelopes.claim(job.id, job.kind)
    assert run is not None
    return run


async def test_a_job_is_run_to_its_end_and_never_again(office: Office) -> None:
    job = await office.begin(await office.tenant())
    assert await office.state(job) == ("queued", 0)
    await office.run_all()
    assert await office.state(job) == ("succeeded", CHUNKS)
    assert await office.envelope(job.id) is None
    await office.runner.run(job.id, job.kind)
    assert office.stored == [(job.id, 1), (job.id, 2), (job.id, 3)]
    assert office.turns == [(KIND.name, "ended")]


async def test_no_commit_no_job(office: Office) -> None:
    tenant = await office.tenant()

    async def fail() -> None:
        async with work_over(office.taking, tenant) as work:
            await PostgresJobs(work).add(Job.begin(KIND.name, subject=new_id(), by=new_id(), now=datetime.now(UTC)))
            raise ValueError("planted")

    with pytest.raises(ValueError, match="planted"):
        await fail()
    assert await rows(office.database.admin, "select 1 from work.jobs union all select 1 from jobs") == []
    job = await office.begin(tenant)
    assert await office.envelope(job.id) is not None


async def test_a_queue_that_is_away_loses_no_job(office: Office) -> None:
    job = await office.begin(await office.tenant())
    office.queue.is_away = True
    with pytest.raises(ConnectionError):
        await office.hander.once()
    office.queue.is_away = False
    assert await office.hander.once() == 0
    await office.wake()
    await office.run_all()
    assert await office.state(job) == ("succeeded", CHUNKS)


async def test_what_the_queue_lost_is_handed_on_again(office: Office) -> None:
    job = await office.begin(await office.tenant())
    assert await office.hander.once() == 1
    office.queue.put_in.clear()
    envelope = await office.envelope(job.id)
    assert envelope is not None
    assert 8 < (envelope["hand_at"] - datetime.now(UTC)).total_seconds() <= 10
    await office.wake()
    await office.run_all()
    assert await office.state(job) == ("succeeded", CHUNKS)


async def test_handed_on_twice_it_is_run_once(office: Office) -> None:
    job = await office.begin(await office.tenant())
    await asyncio.gather(*(office.runner.run(job.id, job.kind) for _ in range(5)))
    assert len(office.stored) == CHUNKS


async def test_the_tenant_is_the_envelope_s_and_an_unknown_id_is_nobody_s(office: Office) -> None:
    tenant = await office.tenant()
    job = await office.begin(tenant)
    await office.runner.run(new_id(), KIND.name)
    await office.runner.run(job.id, OTHER.name)
    assert office.stored == []
    assert (await claimed(office, job)).tenant == tenant


async def test_a_run_that_was_overtaken_writes_nothing(office: Office) -> None:
    job = await office.begin(await office.tenant())
    slow = await claimed(office, job)
    await office.lapse(job)
    fast = await claimed(office, job)
    assert fast.fence > slow.fence
    with pytest.raises(Superseded):
        await office.chunk(slow)
    assert not await office.envelopes.keep(slow)
    assert (await office.chunk(fast)).done == 1
    assert await office.state(job) == ("running", 1)


async def test_a_run_whose_claim_has_lapsed_writes_nothing_even_if_nobody_took_it(office: Office) -> None:
    job = await office.begin(await office.tenant())
    run = await claimed(office, job)
    await office.lapse(job)
    with pytest.raises(Superseded):
        await office.chunk(run)
    assert await office.state(job) == ("queued", 0)


async def test_no_other_begins_while_a_chunk_is_stored(office: Office) -> None:
    job = await office.begin(await office.tenant())
    run = await claimed(office, job)
    async with work_over(office.taking, run.tenant) as work:
        await PostgresJobRun(work, run).held()
        with pytest.raises(asyncpg.LockNotAvailableError):
            await office.envelopes.claim(job.id, job.kind)


async def test_a_chunk_that_swallows_its_cancellation_writes_nothing_more(office: Office) -> None:
    """It is left behind after its time; what it does later is refused."""
    job = await office.begin(await office.tenant())
    left, refused = asyncio.Event(), asyncio.Event()

    async def stubborn(run: Run) -> None:
        office.before = None
        while not left.is_set():
            try:
                await left.wait()
            except asyncio.CancelledError:
                continue

    office.before = stubborn
    chunk = office.chunk

    async def watched(run: Run) -> Job:
        try:
            return await chunk(run)
        except Superseded:
            refused.set()
            raise

    office.runner._doing = Toy(watched, office.give_up)
    with capture_logs() as logs:
        await office.run_all()
    assert [line["event"] for line in logs] == ["job_failed"]
    assert office.turns == [(KIND.name, "failed")]
    await office.wake()
    await office.run_all()
    left.set()
    await refused.wait()
    assert office.stored == [(job.id, 1), (job.id, 2), (job.id, 3)]


async def test_a_poison_job_is_parked_shown_and_replayed(office: Office) -> None:
    tenant = await office.tenant()
    poison, sound = await office.begin(tenant), await office.begin(tenant, OTHER)

    async def fail(run: Run) -> None:
        if run.job == poison.id and office.stored.count((poison.id, 1)):
            raise ValueError("grace@example.com")

    office.before = fail
    with capture_logs() as logs:
        for _ in range(KIND.tries + 1):
            await office.run_all()
            await office.wake()
    assert await office.state(sound) == ("succeeded", CHUNKS)
    assert await office.state(poison) == ("failed", 1)
    assert [envelope.id for envelope in await office.envelopes.parked()] == [poison.id]
    assert await office.envelopes.waiting() == []
    assert [line["event"] for line in logs].count("job_given_up") == 1
    [row] = await rows(office.database.admin, "select errors::text from jobs where id = $1", poison.id)
    assert '"internal_error"' in row["errors"]
    assert "grace" not in row["errors"]
    office.before = None
    work = work_over(office.taking, tenant)
    await office.outcomes(work).replay(poison.id)
    await office.run_all()
    assert await office.state(poison) == ("succeeded", CHUNKS)
    with pytest.raises(NotFound):
        await office.outcomes(work).replay(poison.id)


async def test_one_that_kills_its_worker_each_time_is_given_up(office: Office) -> None:
    job = await office.begin(await office.tenant())
    for _ in range(KIND.tries):
        await claimed(office, job)
        await office.lapse(job)
    with capture_logs():
        await office.run_all()
    assert await office.state(job) == ("failed", 0)


async def test_a_chunk_done_makes_up_for_tries_that_failed(office: Office) -> None:
    job = await office.begin(await office.tenant())
    for _ in range(KIND.tries * 2):
        if (await office.state(job))[1] < CHUNKS - 1:
            await office.chunk(await claimed(office, job))
        assert (await office.envelope(job.id) or {})["attempts"] == 0
        await office.lapse(job)


async def test_two_of_a_tenant_at_once_and_one_of_a_kind(office: Office) -> None:
    tenant, other = await office.tenant(), await office.tenant()
    jobs = [await office.begin(tenant, kind) for kind in (KIND, KIND, OTHER, THIRD)]
    theirs = await office.begin(other)
    assert [envelope.id for envelope in await office.envelopes.waiting()] == [
        jobs[0].id,
        *(j.id for j in jobs[2:]),
        theirs.id,
    ]
    runs = [await office.envelopes.claim(job.id, job.kind) for job in jobs]
    assert [run is not None for run in runs] == [True, False, True, False]
    assert [envelope.id for envelope in await office.envelopes.waiting()] == [theirs.id]
    await claimed(office, theirs)
    assert runs[0] is not None
    await office.envelopes.release(runs[0], seconds=0, failed=False)
    await office.wake()
    assert {envelope.id for envelope in await office.envelopes.waiting()} == {jobs[0].id, jobs[3].id}


async def test_twenty_claims_at_once_take_two_of_a_tenant(office: Office) -> None:
    tenant = await office.tenant()
    jobs = [await office.begin(tenant, kind) for kind in (KIND, OTHER, THIRD) for _ in range(7)]
    runs = await asyncio.gather(*(office.envelopes.claim(job.id, job.kind) for job in jobs), return_exceptions=True)
    taken = [run for run in runs if isinstance(run, Run)]
    assert len(taken) <= 2
    assert len({run.kind for run in taken}) == len(taken)
    held = await rows(office.database.admin, "select 1 from work.jobs where held_until > now()")
    assert len(held) == len(taken) > 0


async def test_a_turn_ends_and_the_job_goes_on_later(own_database: TestDatabase) -> None:
    office = Office(own_database)
    office.runner._kinds = {KIND.name: JobKind(name=KIND.name, turn=0)}
    job = await office.begin(await office.tenant())
    await office.runner.run(job.id, job.kind)
    assert office.turns == [(KIND.name, "handed_on")]
    assert (await office.envelope(job.id) or {})["attempts"] == 0
    await office.close()


async def test_told_to_leave_it_finishes_its_chunk_and_hands_the_job_on(office: Office) -> None:
    job = await office.begin(await office.tenant())
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def wait(run: Run) -> None:
        begun.set()
        await go_on.wait()

    office.before = wait
    running = asyncio.create_task(office.runner.run(job.id, job.kind))
    await begun.wait()
    leaving = asyncio.create_task(office.runner.leave())
    await asyncio.sleep(0)
    go_on.set()
    await asyncio.gather(leaving, running)
    assert await office.state(job) == ("running", 1)
    await office.runner.run(job.id, job.kind)
    assert office.stored == [(job.id, 1)]
    assert [envelope.id for envelope in await office.envelopes.waiting()] == [job.id]


async def test_the_same_unfinished_job_is_refused(office: Office) -> None:
    tenant, other, subject = await office.tenant(), await office.tenant(), new_id()
    await office.begin(tenant, subject=subject)
    with pytest.raises(JobUnderWay):
        await office.begin(tenant, subject=subject)
    await office.begin(other, subject=subject)
    await office.begin(tenant, OTHER, subject=subject)
    await office.run_all()
    assert (await office.begin(tenant, subject=subject)).subject_id == subject

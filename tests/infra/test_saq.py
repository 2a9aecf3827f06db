"""SAQ's two queues behind our own face: what is put in is run, by its name, and told nothing but an id."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
import pytest
from redis.exceptions import RedisError
from saq import Queue

from domains.jobs import JobKind
from domains.shared.ids import new_id
from frontdesk.jobs import JOBS, queue_at
from infra.queues.saq_queues import HEARTBEAT_SECONDS, OtherSchema, SaqQueue, queue_in_postgres, saq_job
from infra.queues.saq_worker import SaqWorker
from tests.support.databases import TestDatabase, rows
from tests.support.redis import RedisServer
from tests.support.soon import in_time, until

KIND = JobKind(name="test.run")
OTHER = JobKind(name="test.rest")
Running = Callable[[UUID, str], Awaitable[None]]


@pytest.fixture(params=["postgres", pytest.param("redis", marks=pytest.mark.redis)])
def queue(request: pytest.FixtureRequest, own_database: TestDatabase) -> Queue:
    url = request.getfixturevalue("own_redis").url if request.param == "redis" else None
    return queue_at(redis_url=url, relay_url=own_database.relay)


@asynccontextmanager
async def working(
    queue: Queue, running: Running, leave: Callable[[], Awaitable[None]] | None = None
) -> AsyncIterator[None]:
    """A worker, until left."""
    stop = asyncio.Event()
    worker = SaqWorker(queue, [KIND.name, OTHER.name], running, leave or nothing)
    task = asyncio.create_task(worker.run(stop))
    try:
        yield
    finally:
        stop.set()
        async with in_time(10):
            await task


async def nothing() -> None:
    """What a worker has to finish: nothing."""


class Heard:
    """What was run."""

    def __init__(self) -> None:
        self.ids: list[tuple[UUID, str]] = []

    async def run(self, envelope: UUID, kind: str) -> None:
        self.ids.append((envelope, kind))

    def has(self, count: int) -> Callable[[], Awaitable[bool]]:
        async def has_come() -> bool:
            return len(self.ids) >= count

        return has_come


async def test_what_is_put_in_is_run_once_under_its_name(queue: Queue) -> None:
    heard = Heard()
    wanted = [(new_id(), (KIND, OTHER)[number % 2]) for number in range(20)]
    async with working(queue, heard.run):
        await until(lambda: is_connected(queue))
        for envelope, kind in wanted:
            await SaqQueue(queue).put(envelope, kind)
        await until(heard.has(20))
        await until(lambda: is_empty(queue))
    assert sorted(heard.ids) == sorted((envelope, kind.name) for envelope, kind in wanted)


async def test_one_long_job_starves_no_other(queue: Queue) -> None:
    """A job of SAQ's without a group of its own would wait while a grouped one runs."""
    heard, go_on = Heard(), asyncio.Event()
    long = new_id()

    async def run(envelope: UUID, kind: str) -> None:
        await heard.run(envelope, kind)
        if envelope == long:
            await go_on.wait()

    async with working(queue, run):
        await until(lambda: is_connected(queue))
        await SaqQueue(queue).put(long, KIND)
        await until(heard.has(1))
        for _ in range(5):
            await SaqQueue(queue).put(new_id(), KIND)
        await until(heard.has(6))
        go_on.set()
    assert len(heard.ids) == 6


async def test_told_to_stop_it_waits_for_what_is_under_way(queue: Queue) -> None:
    begun, go_on, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def run(envelope: UUID, kind: str) -> None:
        begun.set()
        await go_on.wait()
        ended.set()

    async def leave() -> None:
        go_on.set()
        await ended.wait()

    async with working(queue, run, leave):
        await until(lambda: is_connected(queue))
        await SaqQueue(queue).put(new_id(), KIND)
        await begun.wait()
    assert ended.is_set()


async def test_the_same_job_may_be_handed_on_again(queue: Queue) -> None:
    """SAQ takes no second job with the key of one that it still believes to run: each has a key of its own."""
    heard, envelope = Heard(), new_id()
    async with working(queue, heard.run):
        await until(lambda: is_connected(queue))
        for _ in range(3):
            await SaqQueue(queue).put(envelope, KIND)
        await until(heard.has(3))
    assert heard.ids == [(envelope, KIND.name)] * 3


def test_each_kind_says_all_that_saq_leaves_out() -> None:
    kinds = [work.kind for work in JOBS.values()]
    assert len(kinds) >= 2
    for kind in kinds:
        envelope = new_id()
        job = saq_job(envelope, kind)
        assert job.retries > 1
        assert kind.chunk < HEARTBEAT_SECONDS * 2 < job.timeout
        assert job.heartbeat == HEARTBEAT_SECONDS
        assert job.key == job.group_key
        assert job.key.startswith(f"{envelope}.")
        assert job.kwargs == {"envelope": str(envelope)}
        assert job.ttl < 0
        assert json.dumps(job.to_dict())


@pytest.mark.parametrize(
    ("name", "tries", "chunk"), [("test.run", 1, 30), ("test.run", 5, 31), ("test.run", 5, 0), ("run", 5, 30)]
)
def test_a_kind_that_could_be_lost_is_refused(name: str, tries: int, chunk: int) -> None:
    assert JobKind(name="test.run", tries=2, chunk=30).timeout > 30
    with pytest.raises(ValueError, match=name):
        JobKind(name=name, tries=tries, chunk=chunk)


async def test_no_role_but_the_relay_s_has_a_right_on_saq_s_tables(own_database: TestDatabase) -> None:
    assert len(await rows(own_database.relay, "select * from saq.saq_versions")) == 1
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await rows(own_database.app, "select * from saq.saq_jobs")


async def test_other_tables_than_those_it_knows_are_refused(own_database: TestDatabase) -> None:
    await rows(own_database.admin, "update saq.saq_versions set version = 4 returning 1")
    queue = queue_in_postgres(own_database.relay)
    with pytest.raises(OtherSchema):
        await queue.connect()
    await queue.pool.close()  # type: ignore[attr-defined]  # of the queue in Postgres


@pytest.mark.redis
async def test_a_queue_that_is_away_is_asked_again_and_not_without_a_pause(own_redis: RedisServer) -> None:
    heard = Heard()
    queue = queue_at(redis_url=own_redis.url, relay_url="")
    async with working(queue, heard.run):
        await SaqQueue(queue).put(new_id(), KIND)
        await until(heard.has(1))
        own_redis.kill()
        spent = time.process_time()
        with pytest.raises(RedisError):
            await SaqQueue(queue).put(new_id(), KIND)
        own_redis.start()
        await SaqQueue(queue).put(new_id(), KIND)
        await until(heard.has(2))
        assert time.process_time() - spent < 2
    assert len(heard.ids) == 2


@pytest.mark.redis
async def test_a_queue_that_takes_no_writes_says_so_and_is_asked_again(own_redis: RedisServer) -> None:
    heard = Heard()
    queue = queue_at(redis_url=own_redis.url, relay_url="")
    async with working(queue, heard.run):
        await SaqQueue(queue).put(new_id(), KIND)
        await until(heard.has(1))
        own_redis.take_no_writes()
        with pytest.raises(RedisError):
            await SaqQueue(queue).put(new_id(), KIND)
        own_redis.take_writes()
        await SaqQueue(queue).put(new_id(), KIND)
        await until(heard.has(2))
    assert len(heard.ids) == 2


async def is_connected(queue: Queue) -> bool:
    return queue._loop is not None


async def is_empty(queue: Queue) -> bool:
    return await queue.count("incomplete") == 0

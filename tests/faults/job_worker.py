"""A worker process that runs toy jobs: each chunk writes one line, and takes its time. Tests kill it."""

import asyncio
import os
import signal
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from domains.jobs import Job, JobKind, Run
from frontdesk.jobs import queue_at
from infra.postgres.database import Database
from infra.postgres.job_envelopes import PostgresJobEnvelopes
from infra.postgres.jobs import PostgresJobRun
from infra.queues.saq_queues import SaqQueue
from infra.queues.saq_worker import SaqWorker
from tests.support.work import work_over
from workers.jobs import JobHander, JobRunner

KIND = JobKind(name="toy.write", tries=1000)
CHUNKS = 4
CHUNK_SECONDS = 0.03
EFFECT = "insert into effects (job_id, number) values ($1, $2)"


class Toys:
    """The `Doing`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def chunk(self, run: Run) -> Job:
        work, now = work_over(self._database, run.tenant), datetime.now(UTC)
        toy = PostgresJobRun(work, run)
        async with work:
            await toy.job()
        with suppress(TimeoutError):
            async with asyncio.timeout(CHUNK_SECONDS):
                await asyncio.Event().wait()
        async with work:
            job = await toy.held()
            await work.connection.execute(EFFECT, job.id, job.done + 1)
            job.advance(position=KIND, done=job.done + 1, total=CHUNKS, now=now)
            if job.done == CHUNKS:
                job.succeed(counts={}, file=None, now=now)
            await toy.save(job)
        return job

    async def give_up(self, run: Run) -> None:
        raise AssertionError(run)


def serve(relay: str, app: str, redis: str, log: Path) -> None:
    """Work until told to stop. `relay` and `app` are those roles' addresses; `redis` is Redis' one, or empty."""
    with log.open("ab") as said:
        for output in (sys.stdout, sys.stderr):
            os.dup2(said.fileno(), output.fileno())
    asyncio.run(_work(relay, app, redis))


async def _work(relay: str, app: str, redis: str) -> None:
    stop = asyncio.Event()
    for wanted in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(wanted, stop.set)
    taking = Database(app, size=12)
    envelopes = PostgresJobEnvelopes(finding=Database(relay, size=3), taking=taking)
    queue = queue_at(redis_url=redis or None, relay_url=relay)
    kinds = {KIND.name: KIND}
    runner = JobRunner(envelopes, Toys(taking), kinds, lambda *_: None)
    async with asyncio.TaskGroup() as parts:
        parts.create_task(JobHander(envelopes, SaqQueue(queue), kinds).run(stop))
        parts.create_task(SaqWorker(queue, kinds, runner.run, runner.leave).run(stop))

"""All kinds of job, and the parts of a worker that run them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from types import MappingProxyType

from dishka import AsyncContainer
from saq import Queue

from domains.jobs import Job, JobKind, JobRun, Outcomes, Run
from domains.shared.clock import Clock
from frontdesk.callers import Caller
from infra.metrics.jobs import JobMeter
from infra.postgres.clock import BusinessClock
from infra.postgres.job_envelopes import PostgresJobEnvelopes
from infra.postgres.recording import Origin
from infra.queues.saq_queues import SaqQueue, queue_in_postgres, queue_in_redis
from infra.queues.saq_worker import SaqWorker
from workers.customer_imports import CUSTOMER_IMPORT_JOBS
from workers.exports import EXPORT_JOBS
from workers.jobs import JobHander, JobRunner, JobWorks

JOBS: JobWorks = MappingProxyType({**CUSTOMER_IMPORT_JOBS, **EXPORT_JOBS})


def queue_at(*, redis_url: str | None, relay_url: str) -> Queue:
    return queue_in_redis(redis_url) if redis_url else queue_in_postgres(relay_url)


def job_parts(
    container: AsyncContainer, envelopes: PostgresJobEnvelopes, queue: Queue, meter: JobMeter, works: JobWorks = JOBS
) -> Sequence[JobHander | SaqWorker]:
    """What hands jobs on, and what runs them."""
    kinds: Mapping[str, JobKind] = {name: work.kind for name, work in works.items()}
    runner = JobRunner(envelopes, InScopes(container, works), kinds, meter.turned)
    return JobHander(envelopes, SaqQueue(queue), kinds), SaqWorker(queue, kinds, runner.run, runner.leave)


class InScopes:
    """The `Doing`: each chunk with parts of its own, made for the tenant of the claim."""

    def __init__(self, container: AsyncContainer, works: JobWorks) -> None:
        self._container = container
        self._works = works

    async def chunk(self, run: Run) -> Job:
        work = self._works[run.kind]
        async with self._scope(run) as scope:
            capability: object = await scope.get(work.capability)
            return await work.verb(capability)

    async def give_up(self, run: Run) -> None:
        async with self._scope(run) as scope:
            outcomes = await scope.get(Outcomes)
            await outcomes.give_up(await scope.get(JobRun))

    @asynccontextmanager
    async def _scope(self, run: Run) -> AsyncIterator[AsyncContainer]:
        clock = await self._container.get(BusinessClock)
        caller = Caller(tenant=run.tenant, origin=Origin(correlation=str(run.job)))
        async with self._container(context={Caller: caller, Clock: clock, Run: run}) as scope:
            yield scope

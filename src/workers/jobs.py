"""Running jobs: handing them to a queue, and doing what the queue gives back, chunk by chunk."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Protocol, TypeVar
from uuid import UUID

import msgspec
import structlog

from domains.jobs import Job, JobEnvelope, JobEnvelopes, JobKind, Run, Superseded
from workers.outages import report
from workers.pausing import pause

_POLL_SECONDS = 0.5
_PAUSE_AFTER_FAILURE_SECONDS = 1.0
_KEEP_EVERY_SECONDS = 3.0
_LONGEST_DELAY_SECONDS = 60
_CANCELLED_WITHIN_SECONDS = 1.0

Capability = TypeVar("Capability")
_log = structlog.get_logger("jobs")


class JobWork(msgspec.Struct, frozen=True):
    """`verb`, of a `capability` made for one chunk, does that chunk and gives the job as it is then."""

    kind: JobKind
    capability: type
    verb: Callable[[Any], Awaitable[Job]]


JobWorks = Mapping[str, JobWork]


def in_chunks(
    kind: JobKind, capability: type[Capability], verb: Callable[[Capability], Awaitable[Job]]
) -> tuple[str, JobWork]:
    """An entry of the table of all kinds of job."""
    return kind.name, JobWork(kind, capability, verb)


class JobQueue(Protocol):
    """Hands an envelope's id to some worker, soon: perhaps twice, perhaps never."""

    async def put(self, envelope: UUID, kind: JobKind) -> None: ...


class Doing(Protocol):
    """What a run does, in a transaction of the tenant of its claim."""

    async def chunk(self, run: Run) -> Job:
        """Do the next chunk. Raises `Superseded`."""
        ...

    async def give_up(self, run: Run) -> None:
        """Fail the job. Raises `Superseded`."""
        ...


Seen = Callable[[str, str, float], None]
"""Told of each turn's end: kind, outcome, seconds."""


class JobHander:
    """Hands on what waits, until told to stop. What a queue has lost is handed on again after ten seconds."""

    def __init__(self, envelopes: JobEnvelopes, queue: JobQueue, kinds: Mapping[str, JobKind]) -> None:
        self._envelopes = envelopes
        self._queue = queue
        self._kinds = kinds

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await self.once()
            except Exception as error:  # noqa: BLE001 - whatever it was, the hander goes on once it is over
                report(_log, "jobs_unreachable", error)
                await pause(stop, _PAUSE_AFTER_FAILURE_SECONDS)
            else:
                await pause(stop, _POLL_SECONDS)

    async def once(self) -> int:
        """Hand on what may run now, and say how much that was."""
        return sum([await self._hand(envelope) for envelope in await self._envelopes.waiting()])

    async def _hand(self, envelope: JobEnvelope) -> bool:
        kind = self._kinds.get(envelope.kind)
        if kind is None or not await self._envelopes.hand(envelope):
            return False
        await self._queue.put(envelope.id, kind)
        return True


class JobRunner:
    """Does a job that was handed on, for one turn. Whatever the queue says beyond its id is not believed."""

    def __init__(self, envelopes: JobEnvelopes, doing: Doing, kinds: Mapping[str, JobKind], seen: Seen) -> None:
        self._envelopes = envelopes
        self._doing = doing
        self._kinds = kinds
        self._seen = seen
        self._leaving = False
        self._running: set[asyncio.Task[str]] = set()

    async def run(self, job: UUID, kind: str) -> None:
        """Return when the job has ended, has had its turn, or is not to be run here."""
        run = None if self._leaving else await self._claimed(job, kind)
        if run is None:
            return
        began = asyncio.get_running_loop().time()
        turn = asyncio.create_task(self._turn(run, self._kinds[kind]))
        self._running.add(turn)
        turn.add_done_callback(self._running.discard)
        with structlog.contextvars.bound_contextvars(tenant_id=str(run.tenant), job_id=str(job), kind=kind):
            outcome = await asyncio.shield(turn)
        self._seen(kind, outcome, asyncio.get_running_loop().time() - began)

    async def leave(self) -> None:
        """Take no more jobs; those under way finish their chunk, and are handed on."""
        self._leaving = True
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _claimed(self, job: UUID, kind: str) -> Run | None:
        try:
            return await self._envelopes.claim(job, kind)
        except Exception:  # noqa: BLE001 - whatever it was, the job is handed on again, and the queue need not know
            _log.warning("job_not_claimed", job_id=str(job), exc_info=True)
            return None

    async def _turn(self, run: Run, kind: JobKind) -> str:
        async with self._kept(run):
            try:
                if run.attempts > kind.tries:
                    return await self._give_up(run)
                if await self._chunks(run, kind):
                    return "ended"
            except Superseded:
                _log.info("job_superseded", fence=run.fence)
                return "superseded"
            except Exception:  # noqa: BLE001 - one job's failure is no other's
                _log.exception("job_failed", attempts=run.attempts, fence=run.fence)
                return await self._failed(run, kind)
            await self._envelopes.release(run, seconds=0, failed=False)
            return "handed_on"

    async def _chunks(self, run: Run, kind: JobKind) -> bool:
        """Whether the job has ended."""
        loop = asyncio.get_running_loop()
        until = loop.time() + kind.turn
        while not self._leaving and loop.time() < until:
            if (await _within(kind.chunk, self._doing.chunk(run))).has_ended:
                return True
        return False

    async def _failed(self, run: Run, kind: JobKind) -> str:
        if run.attempts >= kind.tries:
            return await self._give_up(run)
        delay = min(2**run.attempts, _LONGEST_DELAY_SECONDS)
        await self._envelopes.release(run, seconds=delay, failed=True)
        return "failed"

    async def _give_up(self, run: Run) -> str:
        try:
            await self._doing.give_up(run)
        except Superseded:
            return "superseded"
        _log.error("job_given_up", attempts=run.attempts)
        return "given_up"

    @asynccontextmanager
    async def _kept(self, run: Run) -> AsyncIterator[None]:
        """Renew the claim while the turn lasts."""
        keeping = asyncio.create_task(self._keep(run))
        try:
            yield
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)

    async def _keep(self, run: Run) -> None:
        while True:
            await asyncio.sleep(_KEEP_EVERY_SECONDS)
            try:
                await self._envelopes.keep(run)
            except Exception:  # noqa: BLE001 - the claim lasts for some seconds more, and the next try may succeed
                _log.warning("job_not_kept", exc_info=True)


async def _within(seconds: float, chunk: Awaitable[Job]) -> Job:
    """What `chunk` comes to. One that does not end in time, and does not heed being cancelled, is left behind."""
    doing = asyncio.ensure_future(chunk)
    try:
        done, _ = await asyncio.wait({doing}, timeout=seconds)
        if not done:
            doing.cancel()
            await asyncio.wait({doing}, timeout=_CANCELLED_WITHIN_SECONDS)
            doing.add_done_callback(_heard_out)
            raise TimeoutError(f"The chunk took longer than {seconds} seconds.")
    except asyncio.CancelledError:
        doing.cancel()
        raise
    return doing.result()


def _heard_out(left_behind: "asyncio.Future[Job]") -> None:
    """What becomes of it is nobody's any more: it could write nothing."""
    if not left_behind.cancelled():
        left_behind.exception()

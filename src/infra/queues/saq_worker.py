"""SAQ's worker, as one part of the worker process: it neither listens for signals nor ends in its own way."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Any
from uuid import UUID

import structlog
from saq import Queue, Worker

from infra.queues.saq_queues import HEARTBEAT_SECONDS

_AT_ONCE = 4
_LOOK_SECONDS = 1.0
_POLL_SECONDS = 0.25
_SWEEP_SECONDS = 15
_PAUSE_SECONDS = 1.0
_TIMERS: Any = {"schedule": 1, "worker_info": 10, "sweep": _SWEEP_SECONDS, "abort": 1}

_log = structlog.get_logger("queue")

Running = Callable[[UUID, str], Awaitable[None]]


class _Worker(Worker[Any]):
    SIGNALS = ()  # type: ignore[assignment]  # the process has its own


class SaqWorker:
    """Runs what comes out of the queue until told to stop. `leave` ends what is under way, and is awaited first."""

    def __init__(
        self, queue: Queue, kinds: Iterable[str], running: Running, leave: Callable[[], Awaitable[None]]
    ) -> None:
        self._queue = queue
        self._kinds = list(kinds)
        self._running = running
        self._leave = leave

    async def run(self, stop: asyncio.Event) -> None:
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                await self._work(stopping)
        finally:
            stopping.cancel()
            with suppress(Exception):
                await self._queue.disconnect()

    async def _work(self, stopping: asyncio.Task[bool]) -> None:
        """Connect and work, until told to stop or until the server is away."""
        try:
            await self._queue.connect()
            worker = self._worker()
        except Exception:  # noqa: BLE001 - the server may come back
            _log.warning("queue_unreachable", exc_info=True)
            await asyncio.wait({stopping}, timeout=_PAUSE_SECONDS)
            return
        working = asyncio.create_task(worker.start())
        await asyncio.wait({stopping, working}, return_when=asyncio.FIRST_COMPLETED)
        if stopping.done():
            await self._leave()
        await worker.stop()
        await asyncio.gather(working, return_exceptions=True)

    def _worker(self) -> _Worker:
        functions = [(kind, self._function(kind)) for kind in self._kinds]
        return _Worker(
            self._queue,
            functions,
            concurrency=_AT_ONCE,
            timers=_TIMERS,
            dequeue_timeout=_LOOK_SECONDS,
            poll_interval=_POLL_SECONDS,
            shutdown_grace_period_s=1,
        )

    def _function(self, kind: str) -> Callable[..., Awaitable[None]]:
        async def run(context: dict[str, Any], *, envelope: str, **_: object) -> None:
            beating = asyncio.create_task(_beat(context["job"]))
            try:
                await self._running(UUID(envelope), kind)
            finally:
                beating.cancel()
                await asyncio.gather(beating, return_exceptions=True)

        return run


async def _beat(job: Any) -> None:
    while True:
        await asyncio.sleep(HEARTBEAT_SECONDS / 4)
        with suppress(Exception):
            await job.update()

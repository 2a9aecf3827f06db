"""SAQ's queues, told what it leaves out by default.

They are told an envelope's id, and nothing else: rows and keys of SAQ have no row-level security. A job that has ended
leaves nothing behind; what went wrong is never told to SAQ, whose traces would quote it.
"""

import asyncio
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit
from uuid import UUID

import psycopg
import structlog
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout
from redis.asyncio import Redis
from redis.exceptions import RedisError
from saq import Job as SaqJob
from saq import Queue
from saq.queue.postgres import PostgresQueue
from saq.queue.redis import RedisQueue

from domains.jobs import JobKind
from domains.shared.ids import new_id

NAME = "frontdesk"
HEARTBEAT_SECONDS = 20
_CONNECTIONS = 4
_PAUSE_SECONDS = 0.5
_CONNECT_SECONDS = 3
_FORGOTTEN_AT_ONCE = -1
_SCHEMA_VERSION = 3
_AWAY = (RedisError, psycopg.Error, PoolTimeout, PoolClosed, OSError)

_log = structlog.get_logger("queue")


class OtherSchema(Exception):
    """The tables of SAQ are not those that this version of it works on."""


class _Patient:
    """Asks again after a while where the server is away: SAQ itself would ask without a pause."""

    async def dequeue(self, timeout: float = 0.0, poll_interval: float = 0.0) -> SaqJob | None:  # noqa: ASYNC109 - SAQ calls it so
        try:
            found: SaqJob | None = await super().dequeue(timeout, poll_interval)  # type: ignore[misc]  # of the queue beside it
        except _AWAY as error:
            _log.warning("queue_unreachable", reason=type(error).__name__)
            await asyncio.sleep(_PAUSE_SECONDS)
            return None
        return found


class InPostgres(_Patient, PostgresQueue):
    """In schema `saq`, which our own migrations make. Needs a direct connection, not one through a pooler."""

    async def init_db(self) -> None:
        """Make nothing: the role may not. Raise `OtherSchema` if SAQ has changed its tables."""
        async with self.pool.connection() as connection:
            found = await (await connection.execute("select version from saq_versions")).fetchone()
        if found is None or found[0] != _SCHEMA_VERSION:
            raise OtherSchema(f"saq_versions says {found and found[0]}, this code knows {_SCHEMA_VERSION}")


class InRedis(_Patient, RedisQueue):
    """In Redis or Valkey."""


def queue_in_postgres(url: str) -> Queue:
    """`url`: of the relay's role."""
    pool = AsyncConnectionPool(
        _in_schema(url),
        min_size=_CONNECTIONS,
        max_size=_CONNECTIONS,
        open=False,
        timeout=_CONNECT_SECONDS,
        check=AsyncConnectionPool.check_connection,
        kwargs={"autocommit": True, "connect_timeout": _CONNECT_SECONDS},
    )
    return InPostgres(pool=pool, name=NAME, min_size=_CONNECTIONS, max_size=_CONNECTIONS, manage_pool_lifecycle=True)


def queue_in_redis(url: str) -> Queue:
    return InRedis(Redis.from_url(url, socket_connect_timeout=_CONNECT_SECONDS), name=NAME)


class SaqQueue:
    """The `JobQueue`."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue

    async def put(self, envelope: UUID, kind: JobKind) -> None:
        await self._queue.enqueue(saq_job(envelope, kind))


def saq_job(envelope: UUID, kind: JobKind) -> SaqJob:
    """One handing on. Its key is its own: SAQ would not take another with the key of one that it has lost."""
    key = f"{envelope}.{new_id().hex}"
    return SaqJob(
        function=kind.name,
        kwargs={"envelope": str(envelope)},
        key=key,
        group_key=key,
        timeout=kind.timeout,
        heartbeat=HEARTBEAT_SECONDS,
        retries=kind.tries,
        retry_delay=1.0,
        ttl=_FORGOTTEN_AT_ONCE,
    )


def _in_schema(url: str) -> str:
    parts = urlsplit(url)
    options = f"options={quote('-csearch_path=saq', safe='')}"
    scheme: Any = parts.scheme.partition("+")[0]
    return urlunsplit(parts._replace(scheme=scheme, query="&".join(filter(None, (parts.query, options)))))

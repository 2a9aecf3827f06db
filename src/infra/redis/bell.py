"""The bell over Redis: one connection for each process that listens, none to the database."""

import asyncio
from uuid import UUID

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from infra.bell import Ring

GROWN = "frontdesk:grown"
_PATIENCE = 0.25
_CONNECT_SECONDS = 1.0
_PROBE_EVERY_SECONDS = 10.0
_PAUSE_AFTER_FAILURE_SECONDS = 0.2

_log = structlog.get_logger("bell")


class RedisBell:
    """The `Bell` on a subscription that is made anew whenever it is lost; then something may have been missed."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._ring = Ring()

    async def rung(self, *, patience: float) -> frozenset[UUID] | None:
        return await self._ring.rung(patience=patience)

    async def run(self) -> None:
        """Hear the channel, for ever."""
        while True:
            try:
                await self._listen()
            except (OSError, TimeoutError, RedisError) as error:
                _log.warning("not_listening", reason=type(error).__name__)
            await asyncio.sleep(_PAUSE_AFTER_FAILURE_SECONDS)

    async def _listen(self) -> None:
        client = _client(self._url)
        try:
            async with client.pubsub() as channel:
                await channel.subscribe(GROWN)
                while True:
                    await self._hear(await channel.get_message(timeout=_PROBE_EVERY_SECONDS), channel)
        finally:
            await client.aclose()

    async def _hear(self, message: dict[str, object] | None, channel: PubSub) -> None:
        if message is None:
            await channel.ping()
        elif message["type"] == "subscribe":
            self._ring.ring_for_all()
        elif message["type"] == "message":
            data = message["data"]
            self._ring.hear(data.decode() if isinstance(data, bytes) else str(data))


class RedisAnnouncer:
    """Rings the bells of all processes. Where Redis does not answer, they look by themselves within a second."""

    def __init__(self, url: str) -> None:
        self._client = _client(url, patience=_PATIENCE)

    async def announce(self, tenants: str) -> None:
        """`tenants` are ids with blanks between them; an empty text rings for all."""
        try:
            await self._client.publish(GROWN, tenants)
        except (OSError, TimeoutError, RedisError) as error:
            _log.warning("not_announced", reason=type(error).__name__)

    async def close(self) -> None:
        await self._client.aclose()


def _client(url: str, *, patience: float | None = None) -> Redis:
    return Redis.from_url(
        url, socket_timeout=patience, socket_connect_timeout=_CONNECT_SECONDS, retry=Retry(NoBackoff(), 0)
    )

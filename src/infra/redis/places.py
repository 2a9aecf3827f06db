"""What users have open in all processes together: a sorted set of leases for each user."""

import time
from collections.abc import Collection
from uuid import UUID

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

_PATIENCE = 0.25
_LEASE_SECONDS = 30
_TAKE = """
local now = tonumber(redis.call('TIME')[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[3]), ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
"""
_KEEP = """
redis.call('ZADD', KEYS[1], tonumber(redis.call('TIME')[1]) + tonumber(ARGV[2]), ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[2])
"""

_log = structlog.get_logger("places")


class RedisPlaces:
    """The `Places`. The time is Redis's own; a process that dies leaves its places for half a minute."""

    def __init__(self, url: str, *, most: int, lease: int = _LEASE_SECONDS) -> None:
        self._client = Redis.from_url(
            url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE, retry=Retry(NoBackoff(), 0)
        )
        self._most = most
        self._lease = lease
        self._take = self._client.register_script(_TAKE)
        self._keep = self._client.register_script(_KEEP)
        self._told_at = float("-inf")

    async def take(self, user: UUID, place: UUID) -> bool | None:
        try:
            return bool(await self._take(keys=[_key(user)], args=[place.bytes, self._most, self._lease]))
        except (OSError, TimeoutError, RedisError) as error:
            self._tell(error)
            return None

    async def keep(self, taken: Collection[tuple[UUID, UUID]]) -> None:
        try:
            for user, place in taken:
                await self._keep(keys=[_key(user)], args=[place.bytes, self._lease])
        except (OSError, TimeoutError, RedisError) as error:
            self._tell(error)

    async def give_back(self, left: Collection[tuple[UUID, UUID]]) -> None:
        try:
            for user, place in left:
                await self._client.zrem(_key(user), place.bytes)
        except (OSError, TimeoutError, RedisError) as error:
            self._tell(error)

    async def close(self) -> None:
        await self._client.aclose()

    def _tell(self, error: Exception) -> None:
        """Once a minute."""
        if time.monotonic() - self._told_at > 60:  # noqa: PLR2004 - the minute of the docstring
            self._told_at = time.monotonic()
            _log.warning("open_sockets_counted_alone", reason=type(error).__name__)


def _key(user: UUID) -> str:
    return f"frontdesk:open:{{{user}}}"

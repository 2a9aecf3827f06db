"""Limits counted in Redis (or Valkey): exact over all processes, and over their restarts."""

from collections.abc import Sequence

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from domains.shared.limits import UNLIMITED, Allowance, Window
from infra.limits.cautious import CannotCount

_PATIENCE = 0.25
_CONNECTIONS = 20
# A key without an end would never open again: it is given one.
_TAKE = """
local granted, used, left = 1, {}, {}
for i, key in ipairs(KEYS) do
    used[i] = tonumber(redis.call('GET', key) or '0')
    if used[i] >= tonumber(ARGV[2 * i - 1]) then granted = 0 end
end
for i, key in ipairs(KEYS) do
    if granted == 1 then used[i] = redis.call('INCR', key) end
    left[i] = redis.call('PTTL', key)
    if left[i] == -1 then redis.call('PEXPIRE', key, ARGV[2 * i]) end
    if left[i] < 0 then left[i] = tonumber(ARGV[2 * i]) end
end
return {granted, used, left}
"""
_GIVE_BACK = """
for _, key in ipairs(KEYS) do
    if tonumber(redis.call('GET', key) or '0') > 0 then redis.call('DECR', key) end
end
"""


class RedisLimits:
    """A `RateLimiter`: one script, one round trip. Raises `CannotCount` after `patience` seconds."""

    def __init__(self, url: str, *, patience: float = _PATIENCE) -> None:
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=_CONNECTIONS,
            timeout=patience,
            socket_timeout=patience,
            socket_connect_timeout=patience,
            retry=Retry(NoBackoff(), 0),
        )
        self._client = Redis.from_pool(pool)
        self._take = self._client.register_script(_TAKE)
        self._give_back = self._client.register_script(_GIVE_BACK)

    async def take(self, who: str, windows: Sequence[Window]) -> Allowance:
        if not windows:
            return UNLIMITED
        arguments = [number for window in windows for number in (window.most, window.seconds * 1000)]
        try:
            granted, used, left = await self._take(keys=_keys(who, windows), args=arguments)
        except (RedisError, OSError) as error:
            raise CannotCount(str(error)) from error
        return Allowance.of(windows, used, [milliseconds / 1000 for milliseconds in left], granted=bool(granted))

    async def give_back(self, who: str, windows: Sequence[Window]) -> None:
        try:
            await self._give_back(keys=_keys(who, windows))
        except (RedisError, OSError) as error:
            raise CannotCount(str(error)) from error

    async def close(self) -> None:
        await self._client.aclose()


def _keys(who: str, windows: Sequence[Window]) -> list[str]:
    """In a cluster, what stands in braces decides on the node: all windows of one caller are on the same."""
    return [f"frontdesk:limit:{{{who}}}:{window.name}" for window in windows]

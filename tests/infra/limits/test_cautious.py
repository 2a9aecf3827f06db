"""Redis gone, slow or back again: the limit is stricter meanwhile, and never open."""

import asyncio

import pytest

from domains.shared.limits import Window
from infra.limits.cautious import CannotCount, CautiousLimits
from infra.limits.memory import MemoryLimits
from infra.limits.redis import RedisLimits
from tests.support.fakes_limits import Absent, Hands, granted_at_last
from tests.support.redis import RedisServer

FORTY = Window("forty:3600", 40, 3600)
ONE = Window("one:3600", 1, 3600)
DEADLINE = 20


async def granted(limiter: CautiousLimits | RedisLimits, window: Window, times: int) -> int:
    return sum([(await limiter.take("somebody", [window])).granted for _ in range(times)])


async def test_a_quarter_is_granted_while_nobody_counts_together() -> None:
    limiter = CautiousLimits(Absent(), MemoryLimits(), Hands())
    assert await granted(limiter, FORTY, 50) == 10
    assert await granted(limiter, ONE, 5) == 1


async def test_one_that_fails_is_left_alone_for_a_second() -> None:
    shared, clock = Absent(), Hands()
    limiter = CautiousLimits(shared, MemoryLimits(), clock)
    await granted(limiter, FORTY, 5)
    assert shared.asked == 1
    clock.time += 1
    await granted(limiter, FORTY, 5)
    assert shared.asked == 2


async def test_once_it_is_back_all_is_granted() -> None:
    shared, clock = Absent(), Hands()
    limiter = CautiousLimits(shared, MemoryLimits(), clock)
    assert await granted(limiter, FORTY, 50) == 10
    shared.away, clock.time = False, clock.time + 1
    assert await granted(limiter, FORTY, 50) == 40


async def test_what_was_taken_here_is_given_back_here() -> None:
    limiter = CautiousLimits(Absent(), MemoryLimits(), Hands())
    assert await granted(limiter, ONE, 2) == 1
    await limiter.give_back("somebody", [ONE])
    assert await granted(limiter, ONE, 2) == 1


async def test_a_failure_to_give_back_is_nobodys_error() -> None:
    shared = Absent()
    limiter = CautiousLimits(shared, MemoryLimits(), Hands())
    await limiter.give_back("somebody", [ONE])
    assert shared.asked == 1


@pytest.mark.redis
async def test_redis_killed_and_started_again(own_redis: RedisServer) -> None:
    shared = RedisLimits(own_redis.url)
    limiter = CautiousLimits(shared, MemoryLimits())
    assert await granted(limiter, FORTY, 50) == 40
    own_redis.kill()
    assert await granted(limiter, FORTY, 50) == 10
    own_redis.start()
    taken = await granted_at_last(limiter, "somebody", FORTY)
    assert (taken.granted, taken.most) == (True, 40)
    await shared.close()


@pytest.mark.redis
async def test_a_redis_that_takes_no_writes_counts_nothing_and_one_that_was_emptied_begins_anew(
    own_redis: RedisServer,
) -> None:
    shared, clock = RedisLimits(own_redis.url), Hands()
    limiter = CautiousLimits(shared, MemoryLimits(), clock)
    assert await granted(limiter, FORTY, 30) == 30
    own_redis.take_no_writes()
    assert await granted(limiter, FORTY, 50) == 10
    await limiter.give_back("somebody", [FORTY])
    own_redis.take_writes()
    clock.time += 1
    assert await granted(limiter, FORTY, 50) == 10
    own_redis.empty()
    assert await granted(limiter, FORTY, 50) == 40
    await shared.close()


@pytest.mark.redis
async def test_a_redis_that_does_not_answer_is_not_waited_for(own_redis: RedisServer) -> None:
    shared = RedisLimits(own_redis.url)
    assert await granted(shared, FORTY, 1) == 1
    own_redis.stall(30)
    async with asyncio.timeout(DEADLINE):
        with pytest.raises(CannotCount):
            await shared.take("somebody", [FORTY])
        assert await granted(CautiousLimits(shared, MemoryLimits()), FORTY, 50) == 10
    await shared.close()

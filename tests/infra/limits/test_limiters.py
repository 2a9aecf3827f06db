"""What every `RateLimiter` promises, held against the one in memory and the one in Redis."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from domains.shared.errors import RateLimited
from domains.shared.ids import new_id
from domains.shared.limits import DEFAULT_RATES, LimitName, Rate, RateLimiter, RateLimits, Window
from infra.limits.memory import MemoryLimits
from infra.limits.redis import RedisLimits
from tests.support.fakes_limits import Hands, granted_at_last

ADAPTERS = ["memory", pytest.param("redis", marks=pytest.mark.redis)]
TEN = Window("ten:60", 10, 60)
THREE = Window("three:3600", 3, 3600)
PATIENCE = 20.0
BRIEF = Window("brief:1", 2, 1)


@pytest.fixture(params=ADAPTERS)
async def limiter(request: pytest.FixtureRequest) -> AsyncIterator[RateLimiter]:
    if request.param == "memory":
        yield MemoryLimits()
    else:
        shared = RedisLimits(request.getfixturevalue("redis_url"), patience=PATIENCE)
        yield shared
        await shared.close()


@pytest.fixture
def who() -> str:
    return f"user:{new_id()}"


async def test_two_hundred_at_once_get_exactly_ten(limiter: RateLimiter, who: str) -> None:
    taken = await asyncio.gather(*(limiter.take(who, [TEN]) for _ in range(200)))
    assert sum(allowance.granted for allowance in taken) == 10
    assert sorted(allowance.remaining for allowance in taken if allowance.granted) == list(range(10))


async def test_what_is_left_is_told(limiter: RateLimiter, who: str) -> None:
    first = await limiter.take(who, [TEN])
    assert (first.granted, first.most, first.remaining) == (True, 10, 9)
    assert 59 <= first.resets_in <= 60
    second = await limiter.take(who, [TEN])
    assert second.remaining == 8
    assert second.resets_in <= first.resets_in


async def test_callers_are_counted_apart(limiter: RateLimiter, who: str) -> None:
    for _ in range(3):
        assert (await limiter.take(who, [THREE])).granted
    assert not (await limiter.take(who, [THREE])).granted
    assert (await limiter.take(f"{who}x", [THREE])).granted


async def test_the_tightest_of_several_rules(limiter: RateLimiter, who: str) -> None:
    for left in (2, 1, 0):
        allowance = await limiter.take(who, [TEN, THREE])
        assert (allowance.granted, allowance.most, allowance.remaining) == (True, 3, left)
    refused = await limiter.take(who, [TEN, THREE])
    assert (refused.granted, refused.most, refused.remaining) == (False, 3, 0)
    assert 3590 <= refused.resets_in <= 3600


async def test_what_one_window_refuses_the_others_do_not_count(limiter: RateLimiter, who: str) -> None:
    for _ in range(8):
        await limiter.take(who, [TEN, THREE])
    assert (await limiter.take(who, [TEN])).remaining == 10 - 3 - 1


async def test_what_is_given_back_can_be_taken_again(limiter: RateLimiter, who: str) -> None:
    for _ in range(3):
        await limiter.take(who, [THREE])
    await limiter.give_back(who, [THREE])
    assert (await limiter.take(who, [THREE])).granted
    assert not (await limiter.take(who, [THREE])).granted


async def test_nothing_is_given_back_that_was_not_taken(limiter: RateLimiter, who: str) -> None:
    await limiter.give_back(who, [THREE])
    taken = [await limiter.take(who, [THREE]) for _ in range(4)]
    assert [allowance.granted for allowance in taken] == [True, True, True, False]


async def test_a_window_closes(limiter: RateLimiter, who: str) -> None:
    taken = [await limiter.take(who, [BRIEF]) for _ in range(3)]
    assert [allowance.granted for allowance in taken] == [True, True, False]
    opened = await granted_at_last(limiter, who, BRIEF)
    assert (opened.granted, opened.remaining) == (True, 1)


async def test_without_a_window_there_is_no_limit(limiter: RateLimiter, who: str) -> None:
    assert (await limiter.take(who, [])).granted


@pytest.mark.redis
async def test_processes_share_what_redis_counts(redis_url: str, who: str) -> None:
    processes = [RedisLimits(redis_url, patience=PATIENCE) for _ in range(4)]
    taken = await asyncio.gather(*(process.take(who, [TEN]) for process in processes for _ in range(50)))
    assert sum(allowance.granted for allowance in taken) == 10
    for process in processes:
        await process.close()
    restarted = RedisLimits(redis_url, patience=PATIENCE)
    assert not (await restarted.take(who, [TEN])).granted
    await restarted.close()


async def test_memory_forgets_what_has_closed() -> None:
    clock = Hands()
    limiter = MemoryLimits(clock)
    for number in range(1000):
        await limiter.take(f"network:{number}", [TEN, THREE])
    clock.time += 61
    await limiter.take("network:new", [TEN])
    assert len(limiter) == 1000 + 1
    clock.time += 3600
    await limiter.take("network:new", [TEN, THREE])
    assert len(limiter) == 2


async def test_a_window_opens_with_the_first_and_not_on_the_minute() -> None:
    clock = Hands()
    limiter = MemoryLimits(clock)
    for step in range(3):
        clock.time += 10 * step
        assert (await limiter.take("somebody", [THREE])).granted
    clock.time += 3600 - 31
    assert not (await limiter.take("somebody", [THREE])).granted
    clock.time += 1
    assert (await limiter.take("somebody", [THREE])).remaining == 2


async def test_a_refusal_says_when_to_come_back() -> None:
    clock = Hands()
    limiter = MemoryLimits(clock)
    for _ in range(3):
        (await limiter.take("somebody", [THREE])).must_be_granted()
    clock.time += 0.5
    with pytest.raises(RateLimited) as refused:
        (await limiter.take("somebody", [THREE])).must_be_granted()
    assert (refused.value.most, refused.value.retry_after) == (3, 3600)


@pytest.mark.parametrize("choose", [lambda: set(LimitName), lambda: set(DEFAULT_RATES)])
def test_every_name_has_a_rate(choose: Callable[[], set[LimitName]]) -> None:
    limits = RateLimits(DEFAULT_RATES)
    assert all(limits.windows(name) for name in choose())
    assert limits.windows(LimitName.CALLER) == (Window("caller:60", 100, 60), Window("caller:3600", 1000, 3600))
    assert {RateLimits.off().windows(name) for name in LimitName} == {()}
    assert RateLimits({LimitName.AUTH: (Rate(1, 2),)}).windows(LimitName.AUTH) == (Window("auth:2", 1, 2),)

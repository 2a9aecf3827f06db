"""How many sockets a user may open, and keep open, over all processes; and Redis gone while they are open."""

import contextlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from uuid import UUID

import pytest

from api.live.turnstile import MOST_OPEN_PER_USER, TooManyOpen, Turnstile
from domains.shared.ids import new_id
from domains.shared.limits import LimitName, Rate, RateLimits
from domains.shared.permissions import Role
from infra.limits.places import OnlyHere
from infra.redis.bell import RedisAnnouncer
from infra.redis.places import RedisPlaces
from tests.support.customers import make_customer
from tests.support.databases import TestDatabase
from tests.support.house import House, house_over
from tests.support.live import api_process, live_relay
from tests.support.people import new_tenant
from tests.support.redis import RedisServer

LIMITED = RateLimits({LimitName.SOCKET: (Rate(3, 60),)})


@asynccontextmanager
async def turnstiles(url: str, *, lease: int = 30) -> AsyncIterator[list[Turnstile]]:
    places = [RedisPlaces(url, most=MOST_OPEN_PER_USER, lease=lease) for _ in range(2)]
    yield [Turnstile(each) for each in places]
    for each in places:
        await each.close()


async def test_a_process_alone_lets_ten_in_and_another_when_one_has_left() -> None:
    turnstile, user = Turnstile(OnlyHere()), new_id()
    places = [await turnstile.enter(user) for _ in range(MOST_OPEN_PER_USER)]
    with pytest.raises(TooManyOpen):
        await turnstile.enter(user)
    assert await turnstile.enter(new_id()) != places[0]
    turnstile.leave(user, places[0])
    turnstile.leave(user, places[0])
    assert await turnstile.enter(user) not in places
    with pytest.raises(TooManyOpen):
        await turnstile.enter(user)


@pytest.mark.redis
async def test_two_processes_let_ten_in_together(redis_url: str) -> None:
    async with turnstiles(redis_url) as (one, two):
        user = new_id()
        places = [await (one, two)[number % 2].enter(user) for number in range(MOST_OPEN_PER_USER)]
        for turnstile in (one, two):
            with pytest.raises(TooManyOpen):
                await turnstile.enter(user)
        one.leave(user, places[0])
        assert await one.enter(user) not in places


@pytest.mark.redis
async def test_what_a_dead_process_had_open_is_forgotten(redis_url: str) -> None:
    async with turnstiles(redis_url, lease=1) as (dead, alive):
        user = new_id()
        for _ in range(MOST_OPEN_PER_USER):
            await dead.enter(user)
        with pytest.raises(TooManyOpen):
            await alive.enter(user)
        entered: set[UUID] = set()
        while not entered:
            with contextlib.suppress(TooManyOpen):
                entered.add(await alive.enter(user))
        assert len(entered) == 1


@pytest.mark.redis
async def test_without_redis_each_process_lets_fewer_in(own_redis: RedisServer) -> None:
    async with turnstiles(own_redis.url) as (one, two):
        user = new_id()
        own_redis.kill()
        for turnstile in (one, two):
            assert [await turnstile.enter(user) for _ in range(2)]
            with pytest.raises(TooManyOpen):
                await turnstile.enter(user)
        own_redis.start()
        assert await one.enter(user) is not None
        own_redis.take_no_writes()
        other = new_id()
        assert [await two.enter(other) for _ in range(2)]
        with pytest.raises(TooManyOpen):
            await two.enter(other)
        own_redis.take_writes()
        assert await two.enter(other) is not None


async def test_a_user_opens_so_many_a_minute_by_any_way(house: House, database: TestDatabase, tmp_path: Path) -> None:
    shop = await new_tenant(house)
    async with api_process(database, tmp_path, limits=LIMITED) as limited:
        for _ in range(2):
            async with limited.ear(shop.owner.token) as ear:
                assert ear.ready
        async with limited.client(shop.owner.token) as client, client.stream("GET", "/events/stream") as answer:
            assert answer.status_code == 200
        async with limited.client(shop.owner.token) as client:
            refused = await client.get("/events/stream")
        assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
        async with limited.raw(f"?ticket={await limited.ticket(shop.owner.token)}") as connection:
            assert "rate_limited" in str(await connection.recv())
        async with limited.ear(shop.people[Role.ADMIN].token) as ear:
            assert ear.ready


@pytest.mark.redis
async def test_redis_gone_makes_frames_late_and_loses_none(
    own_database: TestDatabase, tmp_path: Path, own_redis: RedisServer
) -> None:
    async with AsyncExitStack() as parts:
        announcer = RedisAnnouncer(own_redis.url)
        await parts.enter_async_context(live_relay(own_database, announcer.announce))
        one = await parts.enter_async_context(api_process(own_database, tmp_path, redis_url=own_redis.url))
        two = await parts.enter_async_context(api_process(own_database, tmp_path, redis_url=own_redis.url))
        shop = await new_tenant(await parts.enter_async_context(house_over(own_database, tmp_path)))
        ear = await parts.enter_async_context(one.ear(shop.owner.token))
        echo = await parts.enter_async_context(two.ear(shop.owner.token))
        async with two.client(shop.owner.token) as client:
            for act in (own_redis.start, own_redis.take_no_writes, own_redis.kill, own_redis.start):
                act()
                made = await make_customer(client)
                heard = [await each.next(within=5) for each in (ear, echo)]
                assert [frame["data"]["id"] for frame in heard] == [made["id"]] * 2
        await announcer.close()

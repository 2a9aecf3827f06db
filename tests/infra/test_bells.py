"""A bell tells who listens whose log has grown; what it may have missed it says. Over Postgres and over Redis."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from uuid import UUID

import pytest

from domains.shared.ids import new_id
from domains.shared.live import Bell
from infra.bell import Ring
from infra.postgres.event_log import PostgresBell
from infra.postgres.numbering import GROWN
from infra.redis.bell import RedisAnnouncer, RedisBell
from tests.support.databases import TestDatabase, rows
from tests.support.redis import RedisServer
from tests.support.soon import in_time

ADAPTERS = ["postgres", pytest.param("redis", marks=pytest.mark.redis)]
Announce = Callable[[str], Awaitable[None]]


class Place:
    """A bell that is heard, and how it is rung."""

    def __init__(self, bell: Bell, announce: Announce) -> None:
        self.bell = bell
        self.announce = announce

    async def heard(self) -> frozenset[UUID] | None:
        async with in_time(10):
            return await self.bell.rung(patience=9)


@asynccontextmanager
async def listening(bell: PostgresBell | RedisBell, announce: Announce) -> AsyncIterator[Place]:
    running = asyncio.create_task(bell.run())
    place = Place(bell, announce)
    try:
        assert await place.heard() is None, "what came before it listened may have been missed"
        yield place
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@pytest.fixture(params=ADAPTERS)
async def place(request: pytest.FixtureRequest, database: TestDatabase) -> AsyncIterator[Place]:
    if request.param == "postgres":

        async def notify(tenants: str) -> None:
            await rows(database.relay, "select pg_notify($1, $2)", GROWN, tenants)

        async with listening(PostgresBell(database.app), notify) as found:
            yield found
        return
    announcer = RedisAnnouncer(url := request.getfixturevalue("redis_url"))
    async with listening(RedisBell(url), announcer.announce) as found:
        yield found
    await announcer.close()


async def test_it_names_the_tenants_whose_log_has_grown(place: Place) -> None:
    one, two = new_id(), new_id()
    await place.announce(f"{one} {two}")
    assert await place.heard() == frozenset({one, two})
    await place.announce(str(one))
    assert await place.heard() == frozenset({one})


@pytest.mark.parametrize("payload", ["", "not an id", f"{UUID(int=7)} {'x' * 40}"])
async def test_what_it_does_not_understand_rings_for_all(place: Place, payload: str) -> None:
    await place.announce(payload)
    assert await place.heard() is None


async def test_without_a_sound_it_says_so_after_a_while(place: Place) -> None:
    assert await place.bell.rung(patience=0.05) is None
    await place.announce(str(tenant := new_id()))
    assert await place.heard() == frozenset({tenant})


async def test_many_rings_are_heard_as_one() -> None:
    ring, tenants = Ring(), [new_id() for _ in range(3)]
    for tenant in tenants:
        ring.hear(str(tenant))
    assert await ring.rung(patience=1) == frozenset(tenants)
    ring.hear(str(tenants[0]))
    ring.ring_for_all()
    assert await ring.rung(patience=1) is None


@pytest.mark.redis
async def test_redis_killed_and_back_rings_for_all_and_is_heard_again(own_redis: RedisServer) -> None:
    announcer = RedisAnnouncer(own_redis.url)
    async with listening(RedisBell(own_redis.url), announcer.announce) as place:
        own_redis.kill()
        await announcer.announce(str(new_id()))
        own_redis.start()
        assert await place.heard() is None
        await announcer.announce(str(tenant := new_id()))
        assert await place.heard() == frozenset({tenant})
    await announcer.close()


@pytest.mark.redis
async def test_redis_that_stalls_holds_nobody_up_for_long(own_redis: RedisServer) -> None:
    announcer = RedisAnnouncer(own_redis.url)
    own_redis.stall(600)
    async with in_time(10):
        await announcer.announce(str(new_id()))
    assert not own_redis.answers()
    await announcer.close()

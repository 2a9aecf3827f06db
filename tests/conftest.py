"""Fixtures for the whole suite: each test process has one Postgres, one migrated template, one application."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.databases import Databases, TestDatabase
from tests.support.house import PATIENT, House, house_over
from tests.support.invariants import Keeper, broken_in, judge, may_break
from tests.support.logs import log_plainly
from tests.support.people import Tenant, new_tenant
from tests.support.redis import RedisServer, redis_server
from tests.support.server import postgres_server

settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
log_plainly()

pytest_plugins = ["tests.plugins.debian", "tests.plugins.garbage", "tests.plugins.hung", "tests.plugins.slowest"]


@pytest.fixture(scope="session")
def admin_url() -> Iterator[str]:
    """An administrator's address on this process's Postgres."""
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="session")
def databases(admin_url: str) -> Databases:
    return Databases(admin_url)


@pytest.fixture(scope="session")
async def database(databases: Databases, keepers: list[Keeper]) -> AsyncIterator[TestDatabase]:
    """A database that all tests of this process share: each makes tenants of its own."""
    made = await databases.new()
    keepers.append(keeper := Keeper(made))
    yield made
    news = await keeper.news(thorough=True)
    await keeper.close()
    assert not news, news


@pytest.fixture
async def own_database(databases: Databases, request: pytest.FixtureRequest) -> AsyncIterator[TestDatabase]:
    """A database for a test that changes more than a tenant's rows. Its invariants hold at the end."""
    made = await databases.new()
    yield made
    judge(request, await broken_in(made))


@pytest.fixture(scope="session")
def keepers() -> list[Keeper]:
    """Who looks after databases that several tests share."""
    return []


@pytest.fixture(autouse=True)
async def invariants_hold(request: pytest.FixtureRequest, keepers: list[Keeper]) -> AsyncIterator[None]:
    """Whatever a test does with the shared database, what always holds there still does."""
    yield
    if "database" in request.fixturenames:
        for keeper in keepers:
            judge(request, await keeper.news(thorough=may_break(request)))


@pytest.fixture(scope="session")
async def house(database: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    folder: Path = tmp_path_factory.mktemp("house")
    async with house_over(database, folder, pool_patience=PATIENT) as running:
        yield running


@pytest.fixture
async def tenant(house: House) -> Tenant:
    return await new_tenant(house)


@pytest.fixture
async def other_tenant(house: House) -> Tenant:
    return await new_tenant(house)


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Redis that all tests of this process share."""
    with redis_server(tmp_path_factory.mktemp("redis")) as server:
        yield server.url


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis for a test that ill-treats it."""
    with redis_server(tmp_path) as server:
        yield server

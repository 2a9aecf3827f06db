"""Fixtures for the whole suite: each test process has one Postgres, one migrated template, one application."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.databases import Databases, TestDatabase
from tests.support.house import House, house_over
from tests.support.people import Tenant, new_tenant
from tests.support.redis import RedisServer, redis_server
from tests.support.server import postgres_server

settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

pytest_plugins = ["tests.plugins.debian"]


@pytest.fixture(scope="session")
def admin_url() -> Iterator[str]:
    """An administrator's address on this process's Postgres."""
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="session")
def databases(admin_url: str) -> Databases:
    return Databases(admin_url)


@pytest.fixture(scope="session")
async def database(databases: Databases) -> TestDatabase:
    """A database that all tests of this process share: each makes tenants of its own."""
    return await databases.new()


@pytest.fixture
async def own_database(databases: Databases) -> TestDatabase:
    """A database for a test that changes more than a tenant's rows."""
    return await databases.new()


@pytest.fixture(scope="session")
async def house(database: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    folder: Path = tmp_path_factory.mktemp("house")
    async with house_over(database, folder) as running:
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

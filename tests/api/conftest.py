"""A client of the toy application, real ASGI and no network; a house that takes cards, and a business in it.

What escapes the toy application is raised in the test.
"""

from collections.abc import AsyncIterator

import httpx
import pytest
from litestar import Litestar

from tests.api.toy import client_of, toy_app
from tests.support.databases import TestDatabase
from tests.support.payments import TillHouse, till_house
from tests.support.people import Tenant, new_tenant


@pytest.fixture(scope="session")
def toys() -> Litestar:
    return toy_app()


@pytest.fixture
async def client(toys: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(toys) as client:
        yield client


@pytest.fixture(scope="module")
async def till(database: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[TillHouse]:
    async with till_house(database, tmp_path_factory.mktemp("till")) as running:
        yield running


@pytest.fixture
async def shop(till: TillHouse) -> Tenant:
    return await new_tenant(till.desk)

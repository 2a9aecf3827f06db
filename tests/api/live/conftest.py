"""One API process and one relay for the tests of this folder."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.databases import TestDatabase
from tests.support.house import House
from tests.support.live import ApiProcess, api_process, live_relay
from tests.support.people import Tenant, new_tenant


@pytest.fixture(scope="session")
async def process(database: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ApiProcess]:
    folder: Path = tmp_path_factory.mktemp("process")
    async with live_relay(database), api_process(database, folder) as running:
        yield running


@pytest.fixture(scope="session")
async def second(
    process: ApiProcess, house: House, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ApiProcess]:
    """Another one, over the same database."""
    folder: Path = tmp_path_factory.mktemp("second")
    async with api_process(house.database, folder) as running:
        yield running


@pytest.fixture
async def shop(house: House, process: ApiProcess) -> Tenant:
    """A tenant, once the relay runs."""
    return await new_tenant(house)

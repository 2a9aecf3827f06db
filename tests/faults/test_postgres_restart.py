"""Postgres is restarted under load: 503 while it is away, nothing acknowledged lost, nothing twice. Attack C16 201."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.faults.load import Load
from tests.faults.mortal import WAYS, Mortal
from tests.frontdesk.commands import reachable_folder
from tests.support.databases import Databases
from tests.support.house import House, house_over
from tests.support.people import new_tenant

POOL = 6
RECOVERY_SECONDS = 10


@pytest.fixture(scope="module")
async def mortal() -> AsyncIterator[Mortal]:
    with reachable_folder() as folder:
        server = Mortal(folder / "postgres")
        await server.start()
        yield server
        await server.stop()


@pytest.fixture
async def shaken(mortal: Mortal, tmp_path: Path) -> AsyncIterator[House]:
    """An application over that server."""
    async with house_over(await Databases(mortal.admin_url).new(), tmp_path, pool_size=POOL) as house:
        yield house


@pytest.mark.parametrize("way", WAYS)
async def test_a_restart_under_load(mortal: Mortal, shaken: House, way: str) -> None:
    tenants = [await new_tenant(shaken) for _ in range(3)]
    clients = (shaken.client(tenant.owner.token) for _ in range(4) for tenant in tenants)
    load = Load(lambda: next(clients), clients=12, rate=300)
    async with load.going_on():
        await load.answered(30)
        await mortal.end(WAYS[way])
        await load.turned_away(10)
        await mortal.start()
        await load.answered(30, seconds=RECOVERY_SECONDS)
    assert load.failures == []
    assert load.statuses.keys() == {201, 503}, load.statuses
    stored = await load.stored(shaken.database.admin)
    assert set(stored.values()) == {1}
    assert set(load.acknowledged) <= stored.keys()
    await no_connection_is_dead(shaken, [tenant.owner.token for tenant in tenants])


async def no_connection_is_dead(house: House, tokens: list[str]) -> None:
    async def names(token: str) -> int:
        async with house.client(token) as client:
            return (await client.get("/customers")).status_code

    assert set(await asyncio.gather(*(names(token) for token in tokens * 10))) == {200}

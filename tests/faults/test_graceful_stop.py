"""SIGTERM under load: what was accepted is answered, readiness goes first, and the code is 0. Attacks C17 215, 216."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path

import asyncpg
import pytest

from tests.faults.api_process import at, ended, readiness, until_ready
from tests.faults.load import Load
from tests.faults.processes import Process, environment, free_port, running
from tests.support.databases import Databases
from tests.support.house import House, house_over
from tests.support.people import Tenant, new_tenant
from tests.support.soon import in_time, until

CLIENTS = 4
RATE = 200


async def until_it_leaves(port: int) -> None:
    async def is_leaving() -> bool:
        status = await readiness(port)
        assert status in {200, 503}, "it was gone before it said so"
        return status == 503

    await until(is_leaving)


async def until_one_waits(inspector: asyncpg.Connection) -> None:
    async def waits() -> bool:
        return bool(await inspector.fetchval("select exists (select from pg_locks where not granted)"))

    await until(waits)


@pytest.fixture(scope="module")
async def house(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """An application over a database of its own: what the load leaves would be in others' way."""
    async with house_over(await databases.new(), tmp_path_factory.mktemp("stopped")) as house:
        yield house


@pytest.fixture
async def tenant(house: House) -> Tenant:
    return await new_tenant(house)


@pytest.fixture
async def port() -> int:
    return free_port()


@pytest.fixture
async def api(house: House, port: int, tmp_path: Path) -> AsyncIterator[Process]:
    with running("api", environment(house.database, PORT=str(port), DRAIN_SECONDS="3"), tmp_path) as process:
        await until_ready(port, process)
        yield process


async def test_what_was_accepted_is_answered(house: House, tenant: Tenant, port: int, api: Process) -> None:
    load = Load(at(port, tenant), clients=CLIENTS, rate=RATE)
    async with load.going_on():
        await load.answered(50)
        api.process.send_signal(signal.SIGTERM)
        await until_it_leaves(port)
        await load.answered(5)
        assert await asyncio.to_thread(api.wait) == 0, api.said
    assert load.failures == []
    assert load.statuses.keys() == {201}
    assert load.refused
    stored = await load.stored(house.database.admin)
    assert stored == dict.fromkeys(load.acknowledged, 1)


async def test_what_takes_long_is_waited_for(house: House, tenant: Tenant, port: int, api: Process) -> None:
    holder = await asyncpg.connect(house.database.admin)
    async with at(port, tenant)() as client:
        customer = (await client.post("/customers", json={"name": "Ada"})).json()["id"]
        holding = holder.transaction()
        await holding.start()
        await holder.execute("update customers set notes = 'held' where id = $1", customer)
        slow = asyncio.create_task(client.patch(f"/customers/{customer}", json={"name": "Grace"}))
        await until_one_waits(holder)
        api.process.send_signal(signal.SIGTERM)
        await until_it_leaves(port)
        await holding.rollback()
        answer = await slow
    await holder.close()
    assert answer.status_code == 200, answer.text
    assert await asyncio.to_thread(api.wait) == 0, api.said


async def test_told_twice_it_waits_for_nothing(house: House, port: int, tmp_path: Path) -> None:
    with running("api", environment(house.database, PORT=str(port), DRAIN_SECONDS="10"), tmp_path) as api:
        await until_ready(port, api)
        api.process.send_signal(signal.SIGTERM)
        await until_it_leaves(port)
        assert api.process.poll() is None
        api.process.send_signal(signal.SIGTERM)
        async with in_time(8):
            assert await asyncio.to_thread(api.wait) == 0, api.said


async def test_processes_that_take_turns_on_one_socket_lose_nothing(
    house: House, tenant: Tenant, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        listening = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=512))
        port = int(listening.getsockname()[1])

        def start() -> Process:
            env = environment(house.database, PORT=str(free_port()), DRAIN_SECONDS="0")
            return stack.enter_context(running("api", env, tmp_path, listening))

        first = start()
        await until_ready(port, first)
        load = Load(at(port, tenant), clients=CLIENTS, rate=RATE / 2)
        async with load.going_on():
            await load.answered(20)
            await ended(first)
            second = start()
            await load.answered(20)
            start()
            await ended(second)
            await load.answered(20)
    assert (load.failures, load.refused) == ([], 0)
    assert load.statuses.keys() == {201}
    assert await load.stored(house.database.admin) == dict.fromkeys(load.acknowledged, 1)

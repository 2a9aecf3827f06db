"""The disk of Postgres is full, or that of the logs: refused cleanly, and back by itself. Attack C16 206."""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path

import asyncpg
import httpx
import pytest

from infra.processes import instead_of_root
from tests.faults.api_process import readiness
from tests.faults.load import Load
from tests.faults.mortal import Mortal
from tests.faults.processes import environment, free_port
from tests.frontdesk.commands import reachable_folder
from tests.support.databases import Databases, TestDatabase
from tests.support.house import House, house_over
from tests.support.people import Tenant, new_tenant
from tests.support.small_disk import SmallDisk, small_disk
from tests.support.soon import until

DATA, LOG = 320, 96
UNSAID = 120  # of Python itself, which could not write what was left to say
SORT = "set work_mem = '64kB'; select count(*) from (select n from generate_series(1, 1000000) n order by -n) t"


class Cramped:
    """A Postgres whose data lie on one small disk, and whose write-ahead log lies on another."""

    def __init__(self, server: Mortal, data: SmallDisk, log: SmallDisk) -> None:
        self.server = server
        self.disks = {"data": data, "log": log}


@pytest.fixture(scope="module")
async def cramped() -> AsyncIterator[Cramped]:
    with reachable_folder() as folder, ExitStack() as disks:
        data = disks.enter_context(small_disk(folder / "data", megabytes=DATA))
        log = disks.enter_context(small_disk(folder / "log", megabytes=LOG))
        server = Mortal(data.folder / "postgres")
        await server.start()
        await server.stop()
        apart(data.folder / "postgres" / "pgdata" / "pg_wal", log.folder / "wal")
        await server.start()
        yield Cramped(server, data, log)
        for disk in (data, log):
            disk.clear()
        await server.stop()


def apart(wal: Path, there: Path) -> None:
    """Move the write-ahead log to the other disk."""
    shutil.copytree(wal, there)
    if user := instead_of_root():
        for path in (there, *there.rglob("*")):
            user.own(path)
    there.chmod(0o700)
    shutil.rmtree(wal)
    wal.symlink_to(there)


@pytest.fixture
async def cramped_house(cramped: Cramped, tmp_path: Path) -> AsyncIterator[House]:
    async with house_over(await Databases(cramped.server.admin_url).new(), tmp_path, pool_size=6) as house:
        yield house


@pytest.mark.parametrize("which", ["data", "log"])
async def test_a_full_disk_of_the_database(cramped: Cramped, cramped_house: House, which: str) -> None:
    """Nothing acknowledged is lost, nothing twice; a full log ends the server, and its keeper starts it again."""
    tenants = [await new_tenant(cramped_house) for _ in range(3)]
    clients = (cramped_house.client(tenant.owner.token) for _ in range(4) for tenant in tenants)
    load, disk = Load(lambda: next(clients), clients=12, rate=200), cramped.disks[which]
    async with load.going_on():
        await load.answered(30)
        disk.fill()
        using_up = cramped.server.admin_url if which == "log" else None
        await until(partial(has_refused, load, load.statuses[503] + 20, using_up))
        disk.clear()
        await until(partial(is_back, load, len(load.acknowledged) + 30, cramped.server))
    assert load.failures == []
    assert load.statuses.keys() == {201, 503}, load.statuses
    stored = await load.stored(cramped_house.database.admin)
    assert set(stored.values()) == {1}
    assert set(load.acknowledged) <= stored.keys()


async def has_refused(load: Load, wanted: int, admin_url: str | None) -> bool:
    """Whether so many were refused; until then a server uses up the segments of its log that it has in hand."""
    if admin_url:
        with suppress(OSError, asyncpg.PostgresError):
            await ended_segment(admin_url)
    return load.statuses[503] >= wanted


async def ended_segment(admin_url: str) -> None:
    admin = await asyncpg.connect(admin_url)
    try:
        await admin.execute("select pg_switch_wal()")
    finally:
        admin.terminate()


async def is_back(load: Load, wanted: int, server: Mortal) -> bool:
    """Whether so many were acknowledged; a server that has ended is started again, as its keeper does."""
    await server.start()
    return len(load.acknowledged) >= wanted


async def test_no_room_for_sorting_is_503(cramped: Cramped, cramped_house: House) -> None:
    """A file for a sort is refused to its own statement; the next one is served."""
    tenant = await new_tenant(cramped_house)
    disk = cramped.disks["data"]
    disk.fill()
    with pytest.raises(asyncpg.DiskFullError):
        await sorted_by(cramped_house.database.app)
    async with cramped_house.client(tenant.owner.token) as client:
        assert (await client.get("/customers")).status_code == 200
        disk.clear()
        assert (await client.post("/customers", json={"name": "Ada"})).status_code == 201


async def sorted_by(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(SORT)
    finally:
        await connection.close()


async def test_logs_that_cannot_be_written_stop_nothing(
    database: TestDatabase, house: House, tenant: Tenant, tmp_path: Path
) -> None:
    """Neither a request, nor what a process does for ever."""
    port = free_port()
    env = environment(database, PORT=str(port), LOG_LEVEL="DEBUG")
    process = unheard(env)
    try:
        await until(lambda: is_ready(port))
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/api/v1", timeout=20) as client:
            client.headers["Authorization"] = f"Bearer {tenant.owner.token}"
            statuses = [(await client.post("/customers", json={"name": "Ada"})).status_code for _ in range(50)]
            statuses += [(await client.get("/nowhere")).status_code for _ in range(50)]
        assert statuses == [201] * 50 + [404] * 50
        assert await readiness(port) == 200
        process.terminate()
        assert await asyncio.to_thread(process.wait, 30) in {0, UNSAID}
    finally:
        process.kill()
        process.wait()


def unheard(env: dict[str, str]) -> subprocess.Popen[bytes]:
    """The API, with nowhere to write to."""
    with Path("/dev/full").open("wb") as full:
        return subprocess.Popen([sys.executable, "-m", "frontdesk", "api"], env=env, stdout=full, stderr=full)


async def is_ready(port: int) -> bool:
    return await readiness(port) == 200

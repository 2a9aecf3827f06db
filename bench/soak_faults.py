"""Stops, restarts and kills, many times: nothing acknowledged may be lost, nothing may be there twice.

`python -m bench.soak_faults [times]`, or `make soak-faults`: it says what it saw.
"""

import asyncio
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import asyncpg

from domains.shared.plans import Plan
from frontdesk.backup_file import read
from tests.faults.api_process import at, ended
from tests.faults.load import Load
from tests.faults.mortal import WAYS, Mortal
from tests.faults.processes import Process, environment, free_port, running
from tests.frontdesk.commands import FRONTDESK, reachable_folder, run
from tests.frontdesk.commands import environment as plain_environment
from tests.frontdesk.test_backup import admin_of, relatives, rows
from tests.support.databases import Databases, TestDatabase
from tests.support.house import house_over
from tests.support.people import new_tenant
from tests.support.soon import until

TIMES = 20
ROLLING_RATE = 200
RESTART_RATE = 500


async def verdict(load: Load, admin_url: str) -> str:
    stored = await load.stored(admin_url)
    lost = sum(name not in stored for name in load.acknowledged)
    twice = sum(count > 1 for count in stored.values())
    unknown = len(stored) - len(load.acknowledged) + lost
    return (
        f"answers {dict(load.statuses)}, failed {len(load.failures)}, refused {load.refused}, "
        f"acknowledged and lost {lost}, stored twice {twice}, stored but answered 503 {unknown}"
    )


async def rolling(server: Mortal, folder: Path, times: int) -> None:
    """Two API processes on one socket; each is stopped when its successor is ready."""
    database = await Databases(server.admin_url).new()
    async with house_over(database, folder / "rolling") as house:
        tenants = [await new_tenant(house, plan=Plan.UNLIMITED) for _ in range(3)]
    with ExitStack() as stack:
        listening = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=1024))
        port = int(listening.getsockname()[1])

        async def ready() -> Process:
            """One more: its figures are on a port of its own once it serves."""
            figures = free_port()
            env = environment(database, PORT=str(free_port()), METRICS_PORT=str(figures), DRAIN_SECONDS="0")
            process = stack.enter_context(running("api", env, folder, listening))
            await until(partial(is_answered, figures))
            return process

        serving = [await ready(), await ready()]
        clients = (at(port, tenant)() for _ in range(2) for tenant in tenants)
        load = Load(lambda: next(clients), clients=6, rate=ROLLING_RATE)
        began = time.monotonic()
        async with load.going_on():
            for _ in range(times):
                serving.append(await ready())
                await ended(serving.pop(0))
        seconds = time.monotonic() - began
    print(f"rolling restarts: {times} in {seconds:.0f} s, {await verdict(load, database.admin)}")


async def is_answered(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except ConnectionRefusedError:
        return False
    writer.close()
    return True


async def restarts(server: Mortal, folder: Path, times: int) -> None:
    """Postgres ends in each way in turn, and is started again after a second at most."""
    database = await Databases(server.admin_url).new()
    longest = 0.0
    async with house_over(database, folder / "restarts", pool_size=12) as house:
        tenants = [await new_tenant(house, plan=Plan.UNLIMITED) for _ in range(6)]
        clients = (house.client(tenant.owner.token) for _ in range(4) for tenant in tenants)
        load = Load(lambda: next(clients), clients=24, rate=RESTART_RATE)
        async with load.going_on():
            for number in range(times):
                await load.answered(100)
                await server.end(list(WAYS.values())[number % len(WAYS)])
                await asyncio.sleep(random.random())  # noqa: S311 - chance, not a secret
                await server.start()
                began = time.monotonic()
                await load.answered(1)
                longest = max(longest, time.monotonic() - began)
    print(f"Postgres restarts: {times}, back after {longest:.1f} s at most, {await verdict(load, database.admin)}")


async def kills(server: Mortal, folder: Path, times: int) -> None:
    """Backups and restores are killed at random: the database and the file are as they were, or done."""
    databases = Databases(server.admin_url)
    source, target = await databases.new(), await databases.new()
    await fill(source, 20_000)
    backing_up = seconds_of(folder, "backup", source)
    restoring = seconds_of(folder, "restore", target)
    found: Counter[str] = Counter()
    for number in range(times):
        for command, seconds in (("backup", backing_up), ("restore", restoring)):
            file = folder / ("whole.backup" if command == "restore" else f"{number}.backup")
            killed(folder, command, file, seconds, source if command == "backup" else target)
            found[await state(target, command, file)] += 1
    size = (folder / "whole.backup").stat().st_size / 1e6
    print(
        f"backup of 20,000 customers: {size:.1f} MB, {backing_up:.1f} s, restore {restoring:.1f} s; "
        f"each killed {times} times at random: {dict(found)}"
    )


def seconds_of(folder: Path, command: str, database: TestDatabase) -> float:
    began = time.monotonic()
    done = run(folder, command, "whole.backup", **admin_of(database))
    if done.returncode:
        sys.exit(done.stderr)
    return time.monotonic() - began


def killed(folder: Path, command: str, file: Path, seconds: float, database: TestDatabase) -> None:
    words = [*FRONTDESK, command, *(["--replace"] if command == "restore" else []), str(file)]
    process = subprocess.Popen(words, cwd=folder, env=plain_environment(folder, **admin_of(database)))  # noqa: S603 - our own command
    try:
        process.wait(timeout=random.uniform(0.2, seconds))  # noqa: S311 - chance, not a secret
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()


async def state(target: TestDatabase, command: str, file: Path) -> str:
    if command == "backup":
        return how_it_is(file)
    count = await rows(target, "select count(*) from customers")
    aside = "beside it, to be removed by the next" if "_restoring" in await relatives(target) else "nothing beside it"
    return f"database whole, {aside}" if count == [20_000] else f"DAMAGED: {count}"


def how_it_is(file: Path) -> str:
    if not file.exists():
        return "no file"
    read(file)
    return "a whole file"


async def fill(database: TestDatabase, customers: int) -> None:
    admin = await asyncpg.connect(database.admin)
    tenant = "01999999-0000-7000-8000-000000000001"
    await admin.execute(f"""
        insert into tenants (tenant_id, slug, name, timezone, currency, locale, created_at, updated_at)
        values ('{tenant}', 'desk', 'Desk', 'UTC', 'USD', 'en', now(), now());
        insert into customers (tenant_id, id, name, emails, phones, addresses, tags, custom, created_at, updated_at)
        select '{tenant}', gen_random_uuid(), 'Customer ' || n, '{{}}', '{{}}', '[]', '{{}}', '{{}}', now(), now()
        from generate_series(1, {customers}) n
    """)  # noqa: S608 - a constant and a number
    await admin.close()


async def soak(times: int) -> None:
    with reachable_folder() as place, tempfile.TemporaryDirectory() as folder:
        server = Mortal(place / "postgres")
        await server.start()
        for part in (rolling, restarts, kills):
            await part(server, Path(folder), times)
        await server.stop()


if __name__ == "__main__":
    asyncio.run(soak(int(sys.argv[1]) if len(sys.argv) > 1 else TIMES))

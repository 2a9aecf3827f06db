"""What an import of 100,000 rows takes, and an export of as many: wall and processor time, and memory.

Run it with `PYTHONPATH=. .venv/bin/python -m bench.customer_import`. It starts the embedded Postgres, the API and a
worker, each a process of its own, in a folder of its own.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import msgspec

from bench.serving import Served, cpu_seconds_of, served
from tests.faults.processes import environment, running

ROWS = int(os.environ.get("ROWS", "100000"))
_SETTLING_SECONDS = 5.0
_HEADER = """\
| what | wall, s | process | CPU, s | RSS before, MB | RSS at most, MB |
| --- | ---: | --- | ---: | ---: | ---: |"""


class Sampled(msgspec.Struct):
    """Seconds of wall and processor time, and megabytes before and at most, of one process."""

    name: str
    pid: int
    cpu: float = 0.0
    rest: float = 0.0
    most: float = 0.0


@asynccontextmanager
async def sampled(what: str, processes: list[Sampled]) -> AsyncIterator[None]:
    """Print a line for each process: what it used meanwhile."""
    rest = {each.pid: resident(each.pid) for each in processes}
    most = dict(rest)
    before = {each.pid: cpu_seconds_of(each.pid) for each in processes}

    async def watch() -> None:
        while True:
            for pid, before in most.items():
                most[pid] = max(before, resident(pid))
            await asyncio.sleep(0.05)

    watching = asyncio.create_task(watch())
    began = time.perf_counter()
    yield
    took = time.perf_counter() - began
    watching.cancel()
    for each in processes:
        cpu = cpu_seconds_of(each.pid) - before[each.pid]
        print(
            f"| {what} | {took:.1f} | {each.name} | {cpu:.1f} | {rest[each.pid]:.0f} | {most[each.pid]:.0f} |",
            flush=True,
        )


def resident(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def table() -> Iterator[bytes]:
    yield b"Name;Company;E-mail;Phone;Street;Zip;City;Country;Tags;Notes;custom.gateCode\r\n"
    for at in range(ROWS):
        yield (
            f"Grace Hopper {at};Harbor {at % 5000};grace.{at}@customers.example;+1212{at:07d};{at} Pier Road;10001;"
            f'New York;US;vip, zone {at % 40};"Rings the bell,\ntwice";{at % 10000:04d}\r\n'
        ).encode()


async def blocks(lines: Iterator[bytes]) -> AsyncIterator[bytes]:
    waiting = bytearray()
    for line in lines:
        waiting += line
        if len(waiting) > 1 << 16:
            yield bytes(waiting)
            waiting.clear()
    yield bytes(waiting)


async def ended(client: httpx.AsyncClient, job: str) -> dict[str, object]:
    async with asyncio.timeout(600):
        while True:
            found: dict[str, object] = (await client.get(f"/jobs/{job}")).json()
            if found["finishedAt"]:
                return found
            await asyncio.sleep(0.2)


async def measure(api: Served, worker: int, postgres: int) -> None:
    processes = [
        Sampled("api", api.process.process.pid), Sampled("worker", worker), Sampled("postgres", postgres)
    ]  # fmt: skip
    headers = {"Authorization": f"Bearer {api.tenants[0].owner.token}"}
    base = f"http://127.0.0.1:{api.port}/api/v1"
    async with httpx.AsyncClient(base_url=base, headers=headers, timeout=120) as client:
        await asyncio.sleep(_SETTLING_SECONDS)
        print(_HEADER)
        for what, params in (("dry run", {"dryRun": "true"}), ("import", {}), ("again: all duplicates", {})):
            async with sampled(f"{what}: upload", processes):
                begun = await client.post(
                    "/customers/import", content=blocks(table()), params=params, headers={"Content-Type": "text/csv"}
                )
            begun.raise_for_status()
            async with sampled(f"{what}: job", processes):
                job = await ended(client, begun.json()["id"])
            print(f"<!-- {job['status']} {job['result']} -->", flush=True)
        async with sampled("export", processes), client.stream("GET", "/customers/export") as answer:
            size = sum([len(block) async for block in answer.aiter_bytes()])
        print(f"<!-- {size} bytes -->", flush=True)


def postmaster() -> int:
    """The process group's Postgres: the one that this process has started."""
    for child in Path(f"/proc/{os.getpid()}/task").glob("*/children"):
        for pid in child.read_text().split():
            if "postgres" in Path(f"/proc/{pid}/cmdline").read_text():
                return int(pid)
    return os.getpid()


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        files = str(Path(folder) / "files")
        async with served(tenants=1, FILES_DIR=files) as api:
            env = environment(api.database, FILES_DIR=files)
            with running("worker", env, Path(folder)) as worker:
                await measure(api, worker.process.pid, postmaster())


if __name__ == "__main__":
    asyncio.run(main())

"""A real API process over an embedded Postgres of its own, for what is measured by HTTP, and a lean client for it."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from domains.shared.plans import Plan
from tests.faults.api_process import until_ready
from tests.faults.mortal import Mortal
from tests.faults.processes import Process, environment, free_port, running
from tests.frontdesk.commands import reachable_folder
from tests.support.databases import Databases, TestDatabase
from tests.support.house import house_over
from tests.support.people import Tenant, new_tenant

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Served(msgspec.Struct, frozen=True):
    """What runs: the process, its port, its database, tenants in it, and Postgres's process."""

    process: Process
    port: int
    database: TestDatabase
    tenants: list[Tenant]
    postgres: int

    def cpu_seconds(self) -> float:
        return cpu_seconds_of(self.process.process.pid)

    def resident_megabytes(self) -> float:
        return int(_stat(self.process.process.pid)[21]) * _PAGE / 1e6


def cpu_seconds_of(pid: int) -> float:
    """User and system time so far of a process and of its children, those that have ended included."""
    try:
        fields = _stat(pid)
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(map(int, fields[11:15])) / _TICKS + sum(cpu_seconds_of(int(child)) for child in children)


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


@asynccontextmanager
async def served(*, tenants: int, **settings: str) -> AsyncIterator[Served]:
    """The API on the first core, where there is more than one; Postgres and the load on the others."""
    with reachable_folder() as place, tempfile.TemporaryDirectory() as folder:
        server = Mortal(place / "postgres")
        await server.start()
        database = await Databases(server.admin_url).new()
        async with house_over(database, Path(folder) / "made") as house:
            made = [await new_tenant(house, plan=Plan.UNLIMITED) for _ in range(tenants)]
        port = free_port()
        with running("api", environment(database, PORT=str(port), **settings), Path(folder)) as process:
            await until_ready(port, process)
            if len(cores := sorted(os.sched_getaffinity(0))) > 1:
                os.sched_setaffinity(process.process.pid, cores[:1])
            yield Served(process, port, database, made, server.pid)
        await server.stop()


class Line:
    """One kept connection, as one user, or as nobody."""

    def __init__(self, port: int, token: str | None = None) -> None:
        self._port = port
        self._identity = [] if token is None else [f"Authorization: Bearer {token}"]
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> int:
        """The status of the answer, which is read whole."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        lines = [f"{method} /api/v1{path} HTTP/1.1", "Host: localhost", *self._identity]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        if body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(int(length.partition(b":")[2]))
        return int(head[9:12])

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()

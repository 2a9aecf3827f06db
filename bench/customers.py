"""Customers listed, got and created: by us with everything on, by the bare reference, and by what most would pick.

`.venv/bin/python -m bench.customers`. All three servers run at once over one database, on one core; Postgres and the
load are on the others. First their answers are compared, then rounds take turns. The arbiter is the CPU time of a
server's processes for each request, paired by round; p99 is of all rounds' requests. A table and a JSON line come out.
"""

import asyncio
import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import msgspec

from bench.serving import Line, cpu_seconds_of, served
from tests.faults.processes import free_port
from tests.support.house import SECRET
from tests.support.people import Tenant
from tests.support.soon import until

TENANTS = 20
ROWS = 20_000
LINES = 16
EACH = 25
ROUNDS = 20
OK = (200, 201)
BODY = b'{"name":"Grace Hopper","emails":["grace@example.com"],"phones":["+12125550101"],"tags":["vip"]}'
OURS, BARE, COMMON = "frontdesk", "bare", "FastAPI + ORM"
_FILL = """
    insert into customers
        (tenant_id, id, name, emails, phones, addresses, tags, custom, created_at, updated_at)
    select t.tenant_id, gen_random_uuid(), 'Customer ' || n, array['a' || n || '@example.com'], array['+12125550101'],
        '[]', array['vip'], '{}', now() - n * interval '1 minute', now()
    from tenants t cross join generate_series(1, $1::int) n
"""


class Server(msgspec.Struct, frozen=True):
    """One that runs: its name, its port, and its first process."""

    name: str
    port: int
    pid: int


class Call(msgspec.Struct, frozen=True):
    """One kind of request; `{id}` stands for a customer of the asker's."""

    name: str
    method: str
    path: str
    body: bytes = b""


CALLS = (
    Call("list", "GET", "/customers"),
    Call("get", "GET", "/customers/{id}"),
    Call("create", "POST", "/customers", BODY),
)


@contextmanager
def peer(name: str, command: list[str], database: str, port: int, core: int) -> Iterator[Server]:
    env = {**os.environ, "DATABASE_URL": database, "JWT_SECRET": SECRET, "PYTHONPATH": f"{Path('src').absolute()}:."}
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", *command, str(port)], env=env, stdout=subprocess.DEVNULL, start_new_session=True
    )
    os.sched_setaffinity(process.pid, [core])
    try:
        yield Server(name, port, process.pid)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


async def main() -> None:
    core = min(os.sched_getaffinity(0))
    limits = {"RATE_LIMITS": "on", "RATE_LIMIT_CALLER": "1000000/1m", "DATABASE_POOL_SIZE": "10"}
    async with served(tenants=TENANTS, LOG_LEVEL="INFO", LOG_FORMAT="json", **limits) as at:
        admin = await asyncpg.connect(at.database.admin)
        await admin.execute(_FILL, ROWS // TENANTS)
        await admin.execute("analyze")
        ids = {row["tenant_id"]: row["id"] for row in await admin.fetch(
            "select distinct on (tenant_id) tenant_id, id from customers")}  # fmt: skip
        await admin.close()
        with ExitStack() as stack:
            granian = ["granian", "--interface", "asgi", "--workers", "1", "--no-ws", "bench.peers.bare:app", "--port"]
            uvicorn = [
                "uvicorn",
                "--no-access-log",
                "--log-level",
                "warning",
                "bench.peers.common_choice:app",
                "--port",
            ]
            servers = [
                Server(OURS, at.port, at.process.process.pid),
                stack.enter_context(peer(BARE, granian, at.database.app, free_port(), core)),
                stack.enter_context(peer(COMMON, uvicorn, at.database.app, free_port(), core)),
            ]
            await _compare_answers(servers, at.tenants[0], str(ids[at.tenants[0].id]))
            people = [(tenant.owner.token, str(ids[tenant.id])) for tenant in at.tenants]
            _show(await _measured(servers, people))


async def _compare_answers(servers: list[Server], tenant: Tenant, customer: str) -> None:
    """Raise where they do not answer the same, times and ids of what is created aside."""
    answers: list[Any] = []
    for server in servers:
        url = f"http://127.0.0.1:{server.port}/api/v1"
        async with httpx.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {tenant.owner.token}"}) as client:

            async def is_up(client: httpx.AsyncClient = client) -> bool:
                try:
                    return (await client.get("/customers")).status_code == OK[0]
                except httpx.ConnectError:
                    return False

            await until(is_up)
            listed = (await client.get("/customers")).json()
            got = (await client.get(f"/customers/{customer}")).json()
            made = (await client.post("/customers", content=BODY, headers={"Content-Type": "application/json"})).json()
            gone = {name: made.pop(name) for name in ("id", "createdAt", "updatedAt")}
            answers.append((listed["items"], bool(listed["nextCursor"]), got, made, sorted(gone)))
        admin_url = f"/customers/{gone['id']}"
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{servers[0].port}/api/v1",
            headers={"Authorization": f"Bearer {tenant.owner.token}"},
        ) as ours:
            (await ours.delete(admin_url)).raise_for_status()
    for server, answer in zip(servers, answers, strict=True):
        if answer != answers[0]:
            raise RuntimeError(f"{server.name} answers something else: {answer!r:.2000}\n{answers[0]!r:.2000}")


class Seen(msgspec.Struct):
    """Of one call to one server: CPU microseconds a request, a figure a round; and milliseconds of all requests."""

    cpu: list[float] = []
    waited: list[float] = []

    @property
    def p99(self) -> float:
        return statistics.quantiles(self.waited, n=100)[98]


async def _measured(servers: list[Server], people: list[tuple[str, str]]) -> dict[str, dict[str, Seen]]:
    found = {call.name: {each.name: Seen() for each in servers} for call in CALLS}
    for number in range(ROUNDS + 1):
        for call in CALLS:
            for server in servers:
                cost, waited = await _round(server, call, people)
                if number:
                    found[call.name][server.name].cpu.append(cost)
                    found[call.name][server.name].waited += waited
    return found


async def _round(server: Server, call: Call, people: list[tuple[str, str]]) -> tuple[float, list[float]]:
    waited: list[float] = []

    async def ask(token: str, customer: str) -> None:
        line = Line(server.port, token)
        for _ in range(EACH):
            began = time.perf_counter()
            status = await line.send(call.method, call.path.format(id=customer), call.body)
            waited.append((time.perf_counter() - began) * 1e3)
            if status not in OK:
                raise RuntimeError(f"{server.name} answers {status} to {call.name}")
        line.close()

    before = cpu_seconds_of(server.pid)
    await asyncio.gather(*(ask(*people[number % len(people)]) for number in range(LINES)))
    return (cpu_seconds_of(server.pid) - before) / (LINES * EACH) * 1e6, waited


def _show(found: dict[str, dict[str, Seen]]) -> None:
    print(f"| call | {OURS} µs | {BARE} µs | {COMMON} µs | {BARE} / {OURS} | {COMMON} / {OURS} | p99 ms of all |")
    print("|---|---|---|---|---|---|---|")
    for call, by in found.items():
        medians = [f"{statistics.median(by[name].cpu):.0f}" for name in (OURS, BARE, COMMON)]
        ratios = [
            f"{statistics.median(other / own for other, own in zip(by[name].cpu, by[OURS].cpu, strict=True)):.2f}"
            for name in (BARE, COMMON)
        ]
        slowest = ", ".join(f"{by[name].p99:.0f}" for name in (OURS, BARE, COMMON))
        print(f"| {' | '.join([call, *medians, *ratios, slowest])} |")
    cpu = {call: {name: [round(each) for each in seen.cpu] for name, seen in by.items()} for call, by in found.items()}
    print(json.dumps(cpu))


if __name__ == "__main__":
    asyncio.run(main())

"""An API whose requests die where they are told to: each at the n-th point at which it waits, or goes on.

`python -m tests.faults.killed_requests <app url>` reads an `Order` a line, answers each in a fork of itself which is
killed (SIGKILL) at that point, and says `killed`, or the status where the request has fewer points.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NoReturn

import httpx
import msgspec
from litestar import Litestar

from api.edge import EdgeSettings
from frontdesk.asgi import application
from frontdesk.container import http_container
from tests.faults.crash_points import Dying, counter
from tests.faults.doomed import ROOT
from tests.faults.processes import SOURCE
from tests.support.databases import TestDatabase
from tests.support.house import BASE_URL, UNLIMITED, cut_short, ingredients_of

KILLED = "killed"


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """A request. `before` is a GET that is answered first, so that nothing is counted but the request's own points."""

    method: str
    path: str
    before: str
    token: str | None = None
    body: Any = None
    key: str | None = None
    address: str = "192.0.2.1"
    at: int = 0


class DoomedApi:
    """Answers requests that die."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def answers(self, order: Order) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(msgspec.json.encode(order) + b"\n")
        return (await self._process.stdout.readline()).decode().strip()


@asynccontextmanager
async def doomed_api(database: TestDatabase) -> AsyncIterator[DoomedApi]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.faults.killed_requests", database.app,
        cwd=ROOT, env={"PYTHONPATH": f"{SOURCE}:{ROOT}"}, stdin=-1, stdout=-1,
    )  # fmt: skip
    try:
        yield DoomedApi(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


async def _answer(app: Litestar, order: Order, answers: int) -> NoReturn:
    """What the process would do at its end is not done."""
    headers = {"Authorization": f"Bearer {order.token}"} if order.token else {}
    transport = httpx.ASGITransport(cut_short(app), raise_app_exceptions=False, client=(order.address, 50000))
    async with httpx.AsyncClient(transport=transport, base_url=f"{BASE_URL}/api/v1", headers=headers) as client:
        assert (await client.get(order.before)).is_success
        own = {"Idempotency-Key": order.key} if order.key else {}
        answering = client.request(order.method, order.path, json=order.body, headers=own)
        answer = await Dying(answering, counter(order.at))
    os.write(answers, f"{answer.status_code}\n".encode())
    os._exit(0)


def main() -> None:
    answers = os.dup(1)
    os.dup2(2, 1)
    database = TestDatabase(admin="", owner="", app=sys.argv[1], relay="")
    container = http_container(ingredients_of(database, Path("nowhere"), mail_port=9, pool_size=2, limits=UNLIMITED))
    edge = EdgeSettings(version="0.0.0-test", public_url=BASE_URL, rate_limits=UNLIMITED)
    app = application(container, edge, with_sandbox=False)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            asyncio.run(_answer(app, msgspec.json.decode(line, type=Order), answers))
        _, ended = os.waitpid(child, 0)
        if os.WIFSIGNALED(ended):
            os.write(answers, f"{KILLED}\n".encode())


if __name__ == "__main__":
    main()

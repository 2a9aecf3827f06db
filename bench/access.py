"""What it saves a request that its process remembers the session: the same request, asked for each time or remembered.

Run it with `.venv/bin/python bench/access.py`. It starts the embedded Postgres in a folder of its own, calls the
application in its own process, and alternates short rounds of both ways. It prints process CPU a request.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from domains.identity import LiveSessions
from domains.shared.plans import Plan
from infra.postgres.access_feed import AccessFeed
from infra.remembered_sessions import RememberedSessions
from tests.support.databases import Databases
from tests.support.house import House, house_over
from tests.support.people import Person, new_tenant
from tests.support.server import postgres_server

ROUNDS = 15
EACH = 150


async def receive() -> Any:
    return {"type": "http.request", "body": b"", "more_body": False}


async def send(_message: Any) -> None:
    """Nobody reads it."""


def nothing() -> None:
    """What is remembered stays."""


async def round_of(house: House, person: Person, path: str, *, before: Callable[[], None]) -> float:
    """Microseconds of CPU a request."""
    headers = [(b"host", b"testserver"), (b"authorization", f"Bearer {person.token}".encode())]
    began = time.process_time()
    for _ in range(EACH):
        before()
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
            "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": headers,
            "client": ("127.0.0.1", 1), "server": ("testserver", 80), "state": {}, "extensions": {},
        }  # fmt: skip
        await house.app(scope, receive, send)
    return (time.process_time() - began) / EACH * 1e6


async def measure(folder: Path, url: str) -> None:
    async with house_over(await Databases(url).new(), folder) as house:
        person = (await new_tenant(house, plan=Plan.UNLIMITED)).owner
        await house.container.get(LiveSessions)
        remembered = await house.container.get(RememberedSessions)
        feed = await house.container.get(AccessFeed)
        async with house.client(person.token) as client:
            customer = (await client.post("/customers", json={"name": "Grace"})).json()["id"]
        path = f"/api/v1/customers/{customer}"
        found: dict[str, list[float]] = {"asked": [], "remembered": []}
        for _ in range(ROUNDS):
            await feed.catch_up()
            found["remembered"].append(await round_of(house, person, path, before=nothing))
            found["asked"].append(await round_of(house, person, path, before=partial(remembered.forget_all, as_of=0)))
    for name, values in found.items():
        print(f"{name:11} {statistics.median(values):7.0f} us of CPU a request (best {min(values):.0f})")
    pairs = zip(found["asked"], found["remembered"], strict=True)
    print(f"saved: {statistics.median((a - b) / a for a, b in pairs):.0%}, and one statement of two")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, postgres_server() as url:
        asyncio.run(measure(Path(folder), url))


if __name__ == "__main__":
    main()

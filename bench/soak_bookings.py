"""200 slots that 20 racers each want, by every way in which a time can be taken (attacks C8 118, 119).

`python -m bench.soak_bookings`. At most 40 are in flight, over HTTP to an API process on a core of its own. 1 if the
history of the race cannot have been.
"""

import asyncio
import platform
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import httpx

from bench.serving import served
from infra.sandbox.mailbox import SandboxMailbox
from tests.support.calendars import new_desk
from tests.support.house import House, house_over
from tests.support.invariants import broken_in
from tests.support.race_history import calendar_after, faults_of
from tests.support.races import IN_FLIGHT, Attempt, race

_SLOTS = 200
_SETTINGS = {"TRUSTED_PROXIES": "127.0.0.1/32"}
_RESULT = Path(__file__).with_name("results") / "soak_bookings.md"


class Lines(httpx.AsyncBaseTransport):
    """So many connections, and how long each request took over one of them, in milliseconds.

    The pool of httpx looks at all of its connections for each request, and lets some wait far longer than others.
    """

    def __init__(self, many: int) -> None:
        self.took: list[float] = []
        self._free: asyncio.LifoQueue[httpx.AsyncHTTPTransport] = asyncio.LifoQueue()
        for _ in range(many):
            self._free.put_nowait(httpx.AsyncHTTPTransport(limits=httpx.Limits(max_connections=1)))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        line, began = await self._free.get(), time.perf_counter()
        try:
            answer = await line.handle_async_request(request)
            await answer.aread()
        finally:
            self._free.put_nowait(line)
        self.took.append((time.perf_counter() - began) * 1000)
        return answer

    async def aclose(self) -> None:
        """Kept, for they are of several clients."""


class FarHouse(House):
    """A house whose API is a process of its own, which believes what is said of addresses."""

    def __init__(self, near: House, mailbox: SandboxMailbox, port: int) -> None:
        super().__init__(near.app, near.container, near.work, near.relay, mailbox, near.database)
        self._base_url = f"http://127.0.0.1:{port}/api/v1"
        self.lines = Lines(IN_FLIGHT)

    def client(self, token: str | None = None, *, address: str = "127.0.0.1") -> httpx.AsyncClient:
        headers = {"X-Forwarded-For": address, **({"Authorization": f"Bearer {token}"} if token else {})}
        return httpx.AsyncClient(base_url=self._base_url, headers=headers, transport=self.lines, timeout=20)


async def soak(folder: Path) -> int:
    async with served(tenants=1, **_SETTINGS) as at, house_over(at.database, folder) as near:
        house = FarHouse(near, SandboxMailbox(folder / "mail"), at.port)
        desk = await new_desk(house, at.tenants[0], bookableOnline=True)
        used = at.cpu_seconds()
        history = await race(desk, slots=_SLOTS)
        used = at.cpu_seconds() - used
        faults = faults_of(history, await calendar_after(desk), slots=_SLOTS)
        faults += await broken_in(at.database)
    print("\n".join(faults[:50]))
    text = _told(history, faults, used, house.lines.took)
    print(text)
    _RESULT.write_text(text, encoding="utf-8")
    return int(bool(faults))


def _told(history: Sequence[Attempt], faults: Sequence[str], used: float, requests: Sequence[float]) -> str:
    lasted = max(each.ended for each in history) - min(each.began for each in history)
    return (
        "# Twenty racers for each slot, by every way\n\n"
        f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, the API in a process of its own:"
        f" {len(history)} attempts in {lasted:.0f} s ({len(history) / lasted:.0f}/s), {used:.0f} s of its processor."
        f" {len(requests)} requests, preparation included: {_spread(requests)}."
        f" {len(faults)} faults in the history and the database.\n\n"
        "An attempt is asked again where it finds the tenant's connections taken, and may be of two requests.\n\n"
        "| way | tried | won | won: median, p99 and longest, ms | refused |\n| --- | ---: | ---: | --- | --- |\n"
        + "".join(_line_of(way, [each for each in history if each.way == way]) for way in _ways(history))
    )


def _ways(history: Sequence[Attempt]) -> list[str]:
    return sorted({each.way for each in history})


def _line_of(way: str, attempts: Sequence[Attempt]) -> str:
    won, refused = [
        [(each.ended - each.began) * 1000 for each in attempts if each.is_won is is_won] for is_won in (True, False)
    ]
    return f"| {way} | {len(attempts)} | {len(won)} | {_spread(won)} | {_spread(refused)} |\n"


def _spread(took: Sequence[float]) -> str:
    if not took:
        return ""
    ordered = sorted(took)
    return f"{ordered[len(took) // 2]:.0f}, {ordered[int(len(took) * 0.99)]:.0f}, {ordered[-1]:.0f}"


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(soak(Path(folder)))


if __name__ == "__main__":
    sys.exit(main())

"""200 slots that 20 racers each want, by every way in which a time can be taken (attacks C8 118, 119).

`python -m bench.soak_bookings`. At most 40 are in flight, over HTTP to an API process on a core of its own. 1 if the
history of the race cannot have been.
"""

import asyncio
import platform
import sys
import tempfile
from collections import Counter
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
_SETTINGS = {"DATABASE_POOL_SIZE": "60", "TRUSTED_PROXIES": "127.0.0.1/32"}
_RESULT = Path(__file__).with_name("results") / "soak_bookings.md"


class FarHouse(House):
    """A house whose API is a process of its own, which believes what is said of addresses."""

    def __init__(self, near: House, mailbox: SandboxMailbox, port: int) -> None:
        super().__init__(near.app, near.container, near.work, near.relay, mailbox, near.database)
        self._base_url = f"http://127.0.0.1:{port}/api/v1"

    def client(self, token: str | None = None, *, address: str = "127.0.0.1") -> httpx.AsyncClient:
        headers = {"X-Forwarded-For": address, **({"Authorization": f"Bearer {token}"} if token else {})}
        limits = httpx.Limits(max_connections=IN_FLIGHT, max_keepalive_connections=IN_FLIGHT)
        return httpx.AsyncClient(base_url=self._base_url, headers=headers, limits=limits, timeout=20)


async def soak(folder: Path) -> int:
    async with served(tenants=1, **_SETTINGS) as at, house_over(at.database, folder) as near:
        desk = await new_desk(
            FarHouse(near, SandboxMailbox(folder / "mail"), at.port), at.tenants[0], bookableOnline=True
        )
        used = at.cpu_seconds()
        history = await race(desk, slots=_SLOTS)
        used = at.cpu_seconds() - used
        faults = faults_of(history, await calendar_after(desk), slots=_SLOTS)
        faults += await broken_in(at.database)
    print("\n".join(faults[:50]))
    text = _told(history, faults, used)
    print(text)
    _RESULT.write_text(text, encoding="utf-8")
    return int(bool(faults))


def _told(history: Sequence[Attempt], faults: Sequence[str], used: float) -> str:
    took = sorted((each.ended - each.began) * 1000 for each in history)
    refused = sorted((each.ended - each.began) * 1000 for each in history if not each.is_won)
    ways = Counter(each.way for each in history)
    won = Counter(each.way for each in history if each.is_won)
    lasted = max(each.ended for each in history) - min(each.began for each in history)
    return (
        "# Twenty racers for each slot, by every way\n\n"
        f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, the API in a process of its own:"
        f" {len(history)} requests in {lasted:.0f} s ({len(history) / lasted:.0f}/s), {used:.0f} s of its processor,"
        f" preparation included. All: {_spread(took)}; refused: {_spread(refused)}."
        f" {len(faults)} faults in the history and the database.\n\n"
        "| way | tried | won |\n| --- | ---: | ---: |\n"
        + "".join(f"| {way} | {ways[way]} | {won[way]} |\n" for way in sorted(ways))
    )


def _spread(took: Sequence[float]) -> str:
    half, most = took[len(took) // 2], took[int(len(took) * 0.99)]
    return f"median {half:.0f} ms, p99 {most:.0f} ms, longest {took[-1]:.0f} ms"


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(soak(Path(folder)))


if __name__ == "__main__":
    sys.exit(main())

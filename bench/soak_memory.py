"""An hour of mixed requests: a warm API process may grow by less than 1 MB for 10,000 of them (attack C15 191).

`python -m bench.soak_memory [minutes]`, or `make soak-memory`. 1 if it grows more. The slope is that of a line through
what is held every few seconds, by least squares.
"""

import asyncio
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from domains.shared.plans import Plan
from tests.faults.api_process import until_ready
from tests.faults.memory import MixedRequests, resident_megabytes
from tests.faults.processes import environment, free_port, running
from tests.support.databases import Databases
from tests.support.house import house_over
from tests.support.people import new_tenant
from tests.support.server import postgres_server

MINUTES = 60.0
WARM_UP = 10_000
EACH = 2_000
MOST = 1.0
_A_MINUTE = 60
_RESULT = Path(__file__).with_name("results") / "soak_memory.md"

Held = tuple[float, float]


async def soak(admin_url: str, folder: Path, minutes: float) -> int:
    database, port = await Databases(admin_url).new(), free_port()
    async with house_over(database, folder / "house") as house:
        tenants = [await new_tenant(house, plan=Plan.UNLIMITED) for _ in range(8)]
    with running("api", environment(database, PORT=str(port)), folder) as process:
        await until_ready(port, process)
        pid, requests = process.process.pid, MixedRequests(port, [each.owner.token for each in tenants])
        idle = resident_megabytes(pid)
        await requests.send(WARM_UP)
        held = await over(requests, pid, minutes)
    slope = 10_000 * statistics.linear_regression(*zip(*held, strict=True)).slope
    tell(held, idle=idle, slope=slope, minutes=minutes, statuses=dict(sorted(requests.statuses.items())))
    return int(slope >= MOST)


async def over(requests: MixedRequests, pid: int, minutes: float) -> Sequence[Held]:
    """How many requests there had been, and what the process held then."""
    until, held = time.monotonic() + minutes * _A_MINUTE, [(0.0, resident_megabytes(pid))]
    while time.monotonic() < until:
        await requests.send(EACH)
        held.append((held[-1][0] + EACH, resident_megabytes(pid)))
    return held


def tell(held: Sequence[Held], *, idle: float, slope: float, minutes: float, statuses: dict[int, int]) -> None:
    answers = ", ".join(f"{status}: {count:,}" for status, count in statuses.items())
    said = (
        f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {minutes:g} minutes:"
        f" {held[-1][0]:,.0f} requests after {WARM_UP:,} to warm up. Idle {idle:.0f} MB, warm {held[0][1]:.1f} MB,"
        f" at the end {held[-1][1]:.1f} MB: {slope:+.2f} MB for 10,000 requests (asked: less than {MOST:g}).\n\n"
        f"Answers, those of the warm-up too: {answers}.\n"
    )
    print(said)
    _RESULT.write_text(f"# Memory under mixed requests\n\n`make soak-memory`, {said}", encoding="utf-8")


if __name__ == "__main__":
    wanted = float(sys.argv[1]) if len(sys.argv) > 1 else MINUTES
    with postgres_server() as server, tempfile.TemporaryDirectory() as place:
        sys.exit(asyncio.run(soak(server, Path(place), wanted)))

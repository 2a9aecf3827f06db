"""What one tenant's flood does to another's requests (attack 189: p99 grows by less than 20 %).

`.venv/bin/python -m bench.flood`. The limits are on, at their usual values, except for the patient tenant, whose own
requests would pass them: it has twenty users. The flooding tenant sends twenty times its rate. Rounds with and without
the flood take turns in one run.
"""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bench.serving import Line, Served, served
from domains.shared.permissions import Role

ROUNDS = 10
PATIENT_PER_ROUND = 300
PATIENT_EVERY_SECONDS = 0.01
FLOOD_PER_SECOND = 20 * 100 / 60


async def patient(lines: list[Line], took: list[float], statuses: set[int]) -> None:
    """One request at a time, at an even pace."""
    for number in range(PATIENT_PER_ROUND):
        began = time.perf_counter()
        statuses.add(await lines[number % len(lines)].send("GET", "/customers?limit=20"))
        took.append(time.perf_counter() - began)
        await asyncio.sleep(PATIENT_EVERY_SECONDS)


async def flood(line: Line, counts: dict[int, int]) -> None:
    while True:
        status = await line.send("GET", "/customers?limit=100")
        counts[status] = counts.get(status, 0) + 1
        await asyncio.sleep(1 / FLOOD_PER_SECOND)


@asynccontextmanager
async def flooded(at: Served, counts: dict[int, int]) -> AsyncIterator[None]:
    line = Line(at.port, at.tenants[0].owner.token)
    flooding = asyncio.create_task(flood(line, counts))
    yield
    flooding.cancel()
    await asyncio.gather(flooding, return_exceptions=True)
    line.close()


async def main() -> None:
    async with served(tenants=21, RATE_LIMITS="on", RATE_LIMIT_ANONYMOUS="100000/1m") as at:
        people = [tenant.people[role] for tenant in at.tenants[1:] for role in (Role.OWNER, Role.STAFF)]
        print(await compared(at, [Line(at.port, person.token) for person in people]))


async def compared(at: Served, lines: list[Line]) -> str:
    alone: list[float] = []
    beside: list[float] = []
    statuses: set[int] = set()
    counts: dict[int, int] = {}
    await patient(lines, [], statuses)
    for _ in range(ROUNDS):
        await patient(lines, alone, statuses)
        async with flooded(at, counts):
            await patient(lines, beside, statuses)
    growth = 100 * (at_(beside, 99) / at_(alone, 99) - 1)
    shown = f"alone: {told(alone)}; beside the flood: {told(beside)}; p99 {growth:+.0f} %"
    return f"{shown}. Patient answers {statuses}, the flood's {counts}"


def told(took: list[float]) -> str:
    return f"p50 {at_(took, 50):.1f} ms, p99 {at_(took, 99):.1f} ms"


def at_(took: list[float], percentile: int) -> float:
    """In milliseconds."""
    return statistics.quantiles(took, n=100)[percentile - 1] * 1000


if __name__ == "__main__":
    asyncio.run(main())

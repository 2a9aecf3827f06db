"""Whether the time of an answer tells who has an account: attack 130.

Run it with `.venv/bin/python bench/who_has_an_account.py [samples]`. Known and unknown addresses are asked in turns,
and the two sets of times are compared by rank: the area under the curve is 0.5 where they tell nothing apart, and must
lie within 0.45 and 0.55, the medians within 2 ms of each other.
"""

import asyncio
import logging
import random
import statistics
import sys
import tempfile
import time
from bisect import bisect_left, bisect_right
from pathlib import Path

import structlog

from tests.support.databases import Databases
from tests.support.house import House, house_over
from tests.support.registrations import an_address
from tests.support.server import postgres_server
from tests.support.signed_up import signed_up

SAMPLES = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
CALLS = {
    "/auth/forgot-password": {},
    "/auth/login": {"password": "Wrong-Horse-7"},
    "/auth/resend-verification": {},
}


async def asked(house: House, path: str, email: str, fields: dict[str, str]) -> float:
    """Milliseconds."""
    async with house.client() as client:
        started = time.perf_counter()
        await client.post(path, json={"email": email, **fields})
        return (time.perf_counter() - started) * 1000


def area(one: list[float], other: list[float]) -> float:
    """How often a time of `one` is longer than one of `other`."""
    ranked = sorted(other)
    wins = sum((bisect_left(ranked, each) + bisect_right(ranked, each)) / 2 for each in one)
    return wins / (len(one) * len(other))


async def compare(house: House, path: str, known: str, fields: dict[str, str]) -> None:
    times: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(SAMPLES):
        for is_known in random.sample([True, False], 2):
            times[is_known].append(await asked(house, path, known if is_known else an_address(), fields))
    gap = statistics.median(times[True]) - statistics.median(times[False])
    print(f"| `{path}` | {SAMPLES} | {area(times[True], times[False]):.3f} | {gap:+.2f} ms |", flush=True)


async def measure(admin_url: str, folder: Path) -> None:
    database = await Databases(admin_url).new()
    async with house_over(database, folder) as house:
        known = (await signed_up(house)).email
        print("| call | samples each | area under the curve | gap of the medians |\n|---|---|---|---|")
        for path, fields in CALLS.items():
            await compare(house, path, known, fields)


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with postgres_server() as admin_url, tempfile.TemporaryDirectory(prefix="frontdesk-bench-") as folder:
        asyncio.run(measure(admin_url, Path(folder)))


if __name__ == "__main__":
    main()

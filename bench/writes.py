"""What a write costs the API process with and without an `Idempotency-Key`, and how much memory it holds.

`.venv/bin/python -m bench.writes`. Rounds of both kinds take turns in one run; the arbiter is the CPU time of the API
process for each request, paired by round. Limits: 15 % more for the key; 150 MB idle, 250 MB under load.
"""

import asyncio
import itertools
import statistics

from bench.serving import Line, Served, served

ROUNDS = 12
LINES = 8
EACH = 40
CREATED = 201
BODY = b'{"name":"Grace Hopper","emails":["grace@example.com"],"tags":["vip"]}'

_numbers = itertools.count(1)


async def write(line: Line, *, with_key: bool) -> None:
    for _ in range(EACH):
        headers = {"Idempotency-Key": f"order-{next(_numbers)}"} if with_key else {}
        status = await line.send("POST", "/customers", BODY, headers)
        if status != CREATED:
            raise RuntimeError(f"answered {status}")


async def round_of(at: Served, lines: list[Line], *, with_key: bool) -> float:
    """CPU microseconds of the server for each write."""
    before = at.cpu_seconds()
    await asyncio.gather(*(write(line, with_key=with_key) for line in lines))
    return (at.cpu_seconds() - before) / (len(lines) * EACH) * 1e6


async def main() -> None:
    async with served(tenants=8, DATABASE_POOL_SIZE="16") as at:
        await asyncio.sleep(3)
        print(f"idle: {at.resident_megabytes():.0f} MB")
        lines = [Line(at.port, at.tenants[number % 8].owner.token) for number in range(LINES)]
        found: list[tuple[float, float]] = []
        for number in range(ROUNDS + 1):
            pair = (await round_of(at, lines, with_key=False), await round_of(at, lines, with_key=True))
            if number:
                found.append(pair)
        plain, keyed = (statistics.median(pair[side] for pair in found) for side in (0, 1))
        ratio = statistics.median(pair[1] / pair[0] for pair in found)
        print(
            f"a write: {plain:.0f} µs of CPU, with a key {keyed:.0f} µs: {100 * (ratio - 1):+.1f} % (median of pairs)"
        )
        print(f"after {2 * (ROUNDS + 1) * LINES * EACH} writes: {at.resident_megabytes():.0f} MB")
        for line in lines:
            line.close()


if __name__ == "__main__":
    asyncio.run(main())

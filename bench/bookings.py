"""How many visits one API process on one core books in a second, over HTTP and with everything on.

`.venv/bin/python -m bench.bookings`. Sixteen people are booked at once, each by a line of its own, in slots that are
free. The arbiter is the CPU time of the API process for each booking; Postgres and the load are on the other core. A
line of the table comes out for each round.
"""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import asyncpg
import msgspec

from bench.appointments import BEGIN, CUSTOMER, SERVICE, STAFF
from bench.serving import Line, Served, served
from domains.shared.ids import new_id

PEOPLE, EACH, ROUNDS, CREATED = 16, 40, 6, 201
_HALF = timedelta(minutes=30)


class Booker:
    """Books one person, half an hour after half an hour."""

    def __init__(self, line: Line, **fixed: str) -> None:
        self._line = line
        self._fixed = fixed
        self._next = BEGIN

    async def book(self, times: int) -> None:
        for _ in range(times):
            body = {**self._fixed, "startsAt": _text(self._next)}
            self._next += _HALF
            status = await self._line.send("POST", "/appointments", msgspec.json.encode(body))
            if status != CREATED:
                raise RuntimeError(f"answered {status}")


def _text(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


async def _bookers(at: Served) -> list[Booker]:
    tenant, customer, service = at.tenants[0], new_id(), new_id()
    people = [new_id() for _ in range(PEOPLE)]
    admin = await asyncpg.connect(at.database.admin)
    await admin.execute(STAFF, tenant.id, people)
    await admin.execute(CUSTOMER, tenant.id, customer)
    await admin.execute(SERVICE, tenant.id, service, people)
    await admin.close()
    fixed = {"customerId": str(customer), "serviceId": str(service)}
    return [Booker(Line(at.port, tenant.owner.token), **fixed, staffId=str(person)) for person in people]


async def main() -> None:
    limits = {"RATE_LIMITS": "on", "RATE_LIMIT_CALLER": "1000000/1m", "DATABASE_POOL_SIZE": "48"}
    async with served(tenants=1, **limits) as at:
        bookers = await _bookers(at)
        print("| round | bookings/s | CPU of the API process, ms a booking | a core's limit, bookings/s |")
        print("|---|---|---|---|")
        for number in range(ROUNDS + 1):
            before, began = at.cpu_seconds(), time.perf_counter()
            await asyncio.gather(*(booker.book(EACH) for booker in bookers))
            took, spent = time.perf_counter() - began, (at.cpu_seconds() - before) / (PEOPLE * EACH)
            if number:
                print(f"| {number} | {PEOPLE * EACH / took:.0f} | {spent * 1e3:.2f} | {1 / spent:.0f} |", flush=True)


if __name__ == "__main__":
    asyncio.run(main())

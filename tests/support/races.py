"""Many who want the same times at once, by every way in which a time can be taken."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import httpx
import msgspec

from tests.support.calendars import Desk

FIRST = datetime(2027, 1, 4, 14, tzinfo=UTC)
APART = timedelta(hours=3)
SHIFTS = (0, 0, 0, 0, 15, -15, 30, -30, 59, -59)
IN_FLIGHT = 40


class Outcome(msgspec.Struct, frozen=True):
    """What became of one racer: for which time, how it ended, and after how many seconds."""

    slot: int
    status: int
    code: str | None
    seconds: float


def slot_at(number: int, minutes: int = 0) -> str:
    return (FIRST + number * APART + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S.000Z")


async def race(desk: Desk, *, slots: int, racers: int) -> list[Outcome]:
    """Have `racers` try to get each of the slots, by booking and by moving, forty at a time, in a mixed order."""
    parked = await _parked(desk, slots)
    gate = asyncio.Semaphore(IN_FLIGHT)
    async with desk.client() as client:
        tried = [
            _racer(gate, number, _way(client, desk, parked, number, racer))
            for racer in range(racers)
            for number in range(slots)
        ]
        return await asyncio.gather(*tried)


def winners(outcomes: list[Outcome]) -> Counter[int]:
    return Counter(each.slot for each in outcomes if each.status in {200, 201})


async def _parked(desk: Desk, slots: int) -> list[str]:
    """Visits of nobody, that can be moved."""
    found = []
    async with desk.client() as client:
        for number in range(slots):
            times = {"startsAt": slot_at(number + 10_000), "endsAt": slot_at(number + 10_000, 60)}
            answer = await client.post("/appointments", json={"customerId": desk.customer, "title": "Parked", **times})
            found.append(str(answer.json()["id"]))
    return found


def _way(
    client: httpx.AsyncClient, desk: Desk, parked: list[str], number: int, racer: int
) -> Callable[[], Awaitable[httpx.Response]]:
    """Every fourth moves a visit, every third of the rest names nobody; some come a little sooner or later."""
    shift = SHIFTS[racer % len(SHIFTS)]
    times = {"startsAt": slot_at(number, shift), "endsAt": slot_at(number, shift + 60)}
    if racer % 4 == 3:
        order = {**times, "staffId": desk.staff}
        return lambda: client.patch(f"/appointments/{parked[number]}", json=order)
    named = {} if racer % 3 == 0 else {"staffId": desk.staff}
    body = {"customerId": desk.customer, "serviceId": desk.service, **times, **named}
    return lambda: client.post("/appointments", json=body)


async def _racer(gate: asyncio.Semaphore, slot: int, go: Callable[[], Awaitable[httpx.Response]]) -> Outcome:
    async with gate:
        began = time.perf_counter()
        answer = await patiently(go)
        code = None if answer.is_success else str(answer.json()["code"])
        return Outcome(slot, answer.status_code, code, time.perf_counter() - began)


async def patiently(go: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
    """Try again where the tenant had too many requests under way: a small machine is full of racers."""
    answer = await go()
    while answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
        answer = await go()
    return answer

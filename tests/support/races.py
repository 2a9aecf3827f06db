"""Many who want the same times at once, by every way in which a time can be taken; and what became of each of them."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from functools import partial
from typing import Any

import httpx
import msgspec

from tests.support.calendars import EVERY_DAY, Desk
from tests.support.days import NEW_YORK, steady_monday

FIRST = datetime.combine(steady_monday(weeks=8), clock(9), NEW_YORK).astimezone(UTC)
APART = timedelta(hours=3)
WEEK_OF_SLOTS = 56
LENGTH = timedelta(minutes=60)
MIDDLE = 35
"""Minutes after the beginning of a slot that all who want it want."""
IN_FLIGHT = 40
Call = Callable[[httpx.AsyncClient], Awaitable[httpx.Response]]


class Attempt(msgspec.Struct, kw_only=True):
    """One racer: what it wanted, blocked times as they would be, and what became of it. Times in seconds.

    `kept` is what it has where it does not get that, if it is near the slots.
    """

    way: str
    slot: int
    wanted: list[tuple[datetime, datetime]]
    kept: list[tuple[datetime, datetime]] = []
    began: float = 0.0
    ended: float = 0.0
    status: int = 0
    code: str | None = None
    conflicts_with: str | None = None

    @property
    def is_won(self) -> bool:
        return self.status in {200, 201}

    @property
    def has(self) -> list[tuple[datetime, datetime]]:
        """What it has in the end."""
        return self.wanted if self.is_won else self.kept


Racer = tuple[Attempt, Call]


def slot_at(number: int, minutes: int = 0) -> str:
    return _shown(_at(number, minutes))


async def race(desk: Desk, *, slots: int) -> list[Attempt]:
    """Have twenty racers for each slot try to get it, forty at a time, in a mixed order, while others confirm."""
    async with desk.client() as client:
        every_hour = {day: [{"opens": "00:00", "closes": "24:00"}] for day in EVERY_DAY}
        assert (await client.put(f"/staff/{desk.staff}/hours", json={"hours": every_hour})).is_success
        parked = [await _park(client, desk, number, slots) for number in range(slots)]
    racers = [list(_racers(desk, number, parked[number])) for number in range(slots)]
    gate, mixed = asyncio.Semaphore(IN_FLIGHT), [each for several in racers for each in several]
    random.Random(slots).shuffle(mixed)  # noqa: S311 - an order, not a secret
    async with desk.client() as client:
        await asyncio.gather(*(_run(gate, client, attempt, call) for attempt, call in mixed))
    return [attempt for attempt, _ in mixed]


class Parked(msgspec.Struct, frozen=True):
    """What waits to be moved to a slot: visits of nobody, tokens of what was booked online, a visit of a series.

    `before` is a visit that ends before the slot, and may be drawn out into it.
    """

    visits: list[str]
    before: str
    tokens: list[str]
    series: str


async def _park(client: httpx.AsyncClient, desk: Desk, number: int, slots: int) -> Parked:
    """Far behind all slots, and what takes somebody's time each in a place of its own."""
    behind = 2 * WEEK_OF_SLOTS + slots + 4 * number
    visits = []
    for _ in range(3):
        times = {"startsAt": slot_at(behind), "endsAt": slot_at(behind, 60)}
        visits.append(await _made(client, "/appointments", customerId=desk.customer, title="Parked", **times))
    times = {"startsAt": slot_at(number, -75), "endsAt": slot_at(number, -65)}
    before = await _made(client, "/appointments", customerId=desk.customer, staffId=desk.staff, title="Before", **times)
    tokens = [await _online(client, desk, behind + at) for at in (1, 2)]
    times = {"startsAt": slot_at(behind + 3), "endsAt": slot_at(behind + 3, 60)}
    weekly = {"customerId": desk.customer, "title": "Parked", "recurrence": "FREQ=WEEKLY;COUNT=2"}
    series = await _made(client, "/appointments", **weekly, **times)
    return Parked(visits, before, tokens, series)


async def _made(client: httpx.AsyncClient, path: str, **body: Any) -> str:
    answer = await client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def _online(client: httpx.AsyncClient, desk: Desk, number: int) -> str:
    answer = await _book_online(desk, slot_at(number), client)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["token"])


def _racers(desk: Desk, slot: int, parked: Parked) -> Iterator[Racer]:
    """Twenty, of eleven ways, and one who confirms what is moved. Who is let in leaves no room for any other."""
    book = {"customerId": desk.customer, "serviceId": desk.service}
    for minutes in (0, 15, -15):
        yield _racer("staff", slot, minutes, partial(_book, {**book, "staffId": desk.staff}))
    for minutes in (0, 30, -30):
        yield _racer("online", slot, minutes, partial(_book_online, desk))
    yield _racer("held", slot, 0, partial(_hold_and_book, desk, f"2001:db8:{slot:x}::1"))
    for minutes in (0, -30):
        yield _racer("anybody", slot, minutes, partial(_book, book))
    for visit, minutes in zip(parked.visits, (0, 15, -30), strict=True):
        to = {"staffId": desk.staff, "serviceId": desk.service, "endsAt": slot_at(slot, minutes + 60)}
        yield _racer("move", slot, minutes, partial(_change, f"/appointments/{visit}", to))
    for token, minutes in zip(parked.tokens, (0, 30), strict=True):
        yield _racer("moved online", slot, minutes, partial(_change, f"/public/bookings/{token}", {}))
    to = {"endsAt": slot_at(slot, 40)}
    drawn_out, call = _racer("drawn out", slot, -75, partial(_change, f"/appointments/{parked.before}", to), blocks=115)
    drawn_out.kept = [(_at(slot, -75), _at(slot, -65))]
    yield drawn_out, call
    yield Attempt(way="confirmed", slot=slot, wanted=[]), partial(_confirm, f"/appointments/{parked.visits[0]}/status")
    for minutes in (10, 20):
        body = {"customerId": desk.customer, "title": "Short", "endsAt": slot_at(slot, minutes + 30)}
        yield _racer("contained", slot, minutes, partial(_book, {**body, "staffId": desk.staff}), blocks=30)
    body = {**book, "staffId": desk.staff, "endsAt": slot_at(slot, 75)}
    yield _racer("longer", slot, -15, partial(_book, body), blocks=105)
    body = {**book, "staffId": desk.staff, "recurrence": "FREQ=WEEKLY;COUNT=2"}
    yield _racer("series", slot, 0, partial(_book, body), is_series=True)
    to = {"staffId": desk.staff}
    change = partial(_change, f"/appointments/{parked.series}?scope=all", to)
    yield _racer("moved series", slot, 0, change, blocks=60, is_series=True)


def _racer(
    way: str,
    slot: int,
    minutes: int,
    call: Callable[[str, httpx.AsyncClient], Awaitable[httpx.Response]],
    *,
    blocks: int = 75,
    is_series: bool = False,
) -> Racer:
    """`blocks` so many minutes."""
    starts = [_at(slot + at, minutes) for at in ((0, WEEK_OF_SLOTS) if is_series else (0,))]
    wanted = [(start, start + timedelta(minutes=blocks)) for start in starts]
    return Attempt(way=way, slot=slot, wanted=wanted), partial(call, _shown(starts[0]))


async def _book(body: dict[str, Any], starts: str, client: httpx.AsyncClient) -> httpx.Response:
    return await client.post("/appointments", json={**body, "startsAt": starts})


async def _change(path: str, body: dict[str, Any], starts: str, client: httpx.AsyncClient) -> httpx.Response:
    return await client.patch(path, json={**body, "startsAt": starts})


async def _confirm(path: str, client: httpx.AsyncClient) -> httpx.Response:
    return await client.patch(path, json={"status": "confirmed"})


async def _book_online(desk: Desk, starts: str, client: httpx.AsyncClient) -> httpx.Response:
    body = {"serviceId": desk.service, "startsAt": starts, "name": "Ada Lovelace", "email": "ada@example.com"}
    return await client.post(f"/public/tenants/{desk.tenant.slug}/bookings", json=body)


async def _hold_and_book(desk: Desk, address: str, starts: str, _: httpx.AsyncClient) -> httpx.Response:
    """As somebody from a network of their own. Who holds a time gets it."""
    shop = f"/public/tenants/{desk.tenant.slug}"
    async with desk.house.client(address=address) as visitor:
        held = await visitor.post(f"{shop}/holds", json={"serviceId": desk.service, "startsAt": starts})
        if not held.is_success:
            return held
        body = {"serviceId": desk.service, "startsAt": starts, "name": "Ada Lovelace", "email": "ada@example.com"}
        booked = await patiently(
            partial(visitor.post, f"{shop}/bookings", json={**body, "holdToken": held.json()["token"]})
        )
        assert booked.status_code == httpx.codes.CREATED, booked.text
        return booked


async def _run(gate: asyncio.Semaphore, client: httpx.AsyncClient, attempt: Attempt, call: Call) -> None:
    async with gate:
        attempt.began = time.perf_counter()
        answer = await patiently(partial(call, client))
        attempt.ended = time.perf_counter()
    attempt.status = answer.status_code
    if not answer.is_success:
        attempt.code, attempt.conflicts_with = answer.json()["code"], answer.json().get("conflictsWith")


async def patiently(go: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
    """Try again where the tenant had too many requests under way: a small machine is full of racers."""
    answer = await go()
    while answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
        answer = await go()
    return answer


def _at(number: int, minutes: int) -> datetime:
    return FIRST + number * APART + timedelta(minutes=minutes)


def _shown(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%S.000Z")

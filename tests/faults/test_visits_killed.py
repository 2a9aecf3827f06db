"""The API is killed (SIGKILL) while it books, and the worker while it follows: whole, or not at all. Attack C8 126.

Each request is killed at a point farther on, and sent again with the same key. `CRASH_POINTS_STEP=1` kills at each.
"""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import msgspec
import pytest

from infra.postgres.clock import BusinessClock
from tests.faults.doomed import doomed
from tests.faults.killed_requests import KILLED, DoomedApi, Order, doomed_api
from tests.support.calendar_server import CalendarServer, busy_from, calendar_of, calendar_server
from tests.support.calendars import EVERY_DAY, Desk, new_desk
from tests.support.databases import TestDatabase, rows
from tests.support.days import at, instant, on
from tests.support.house import house_over
from tests.support.people import new_tenant
from tests.support.races import patiently
from tests.support.soon import until
from tests.support.visitors import NAMED, hold, shop, wait
from tests.support.waiting import blocked
from tests.support.waiting_lists import cancel, mailed_token

STEP = int(os.environ.get("CRASH_POINTS_STEP", "19"))
ADA = "ada@example.com"
NO_MAIL = "smtp://127.0.0.1:1"
AGAIN = "update work.envelopes set retry_at = '-infinity' where tenant_id = $1"
STILL_KEPT = """
    select (select count(*) from slot_holds), (select count(*) from occupancies where expires_at is not null),
           (select count(*) from directory.routes where kind = 'hold')
"""
Prepare = Callable[[Desk, int], Awaitable[Order]]


@pytest.fixture
async def desk(own_database: TestDatabase, tmp_path: Path) -> AsyncIterator[Desk]:
    """A business whose clock is its own, and that is open from ten to eleven every day."""
    async with house_over(own_database, tmp_path) as house:
        made = await new_desk(house, await new_tenant(house), bookableOnline=True, bufferAfter=0)
        hours = {day: [{"opens": "10:00", "closes": "11:00"}] for day in EVERY_DAY}
        async with made.client() as client:
            assert (await client.put(f"/staff/{made.staff}/hours", json={"hours": hours})).is_success
        yield made


def ten(day: int) -> str:
    return at("10:00", day=day)


def from_staff(desk: Desk, method: str, path: str, **body: Any) -> Order:
    return Order(method=method, path=path, body=body, token=desk.tenant.owner.token, before="/appointments/policy")


def from_a_stranger(desk: Desk, path: str, **body: Any) -> Order:
    address = f"192.0.2.{body.pop('visitor', 1)}"
    return Order(method="POST", path=path, body=body, address=address, before=f"{shop(desk)}/services")


async def booking(desk: Desk, day: int) -> Order:
    of = {"customerId": desk.customer, "serviceId": desk.service, "staffId": desk.staff}
    return from_staff(desk, "POST", "/appointments", **of, startsAt=ten(day))


async def a_series(desk: Desk, day: int) -> Order:
    order = await booking(desk, day)
    return msgspec.structs.replace(order, body={**order.body, "recurrence": "FREQ=DAILY;COUNT=2"})


async def moving(desk: Desk, day: int) -> Order:
    visit = (await desk.booked(startsAt=ten(day)))["id"]
    return from_staff(desk, "PATCH", f"/appointments/{visit}", startsAt=ten(day + 1))


async def holding(desk: Desk, day: int) -> Order:
    return from_a_stranger(desk, f"{shop(desk)}/holds", serviceId=desk.service, startsAt=ten(day), visitor=day)


async def booking_online(desk: Desk, day: int) -> Order:
    body = {"serviceId": desk.service, "startsAt": ten(day), **NAMED}
    held = await hold(desk, startsAt=ten(day), address=f"192.0.2.{day}")
    return from_a_stranger(desk, f"{shop(desk)}/bookings", **body, holdToken=held.json()["token"])


async def accepting(desk: Desk, day: int) -> Order:
    visit = (await desk.booked(startsAt=ten(day)))["id"]
    times = {"fromAt": at("00:00", day=day), "untilAt": at("00:00", day=day + 1)}
    assert (await wait(desk, **times, address=f"192.0.2.{day}")).status_code == 201
    await cancel(desk, visit)
    return from_a_stranger(desk, f"/public/waiting-list/{mailed_token(desk, ADA)}/accept")


WAYS: dict[str, tuple[Prepare, tuple[int, ...]]] = {
    "booking": (booking, (0,)),
    "a series": (a_series, (0, 1)),
    "moving": (moving, (1,)),
    "holding": (holding, ()),
    "booking online": (booking_online, (0,)),
    "accepting": (accepting, (0,)),
}
"""How a time is asked for, and on which days there is a visit then."""


async def again(desk: Desk, order: Order) -> httpx.Response:
    """What is still under way is over at once: whose request it was is gone."""
    headers = {"Idempotency-Key": order.key} if order.key else {}
    async with desk.house.client(order.token, address=order.address) as client:
        ask = partial(client.request, order.method, order.path, json=order.body, headers=headers)
        while (answer := await patiently(ask)).json().get("code") == "idempotency_in_progress":
            pass
    return answer


async def visits(desk: Desk, day: int) -> list[str]:
    """Live ones of three days, as they begin."""
    async with desk.client() as client:
        params = {"from": on(day), "to": on(day + 2), "status": "scheduled"}
        found = (await client.get("/appointments", params=params)).json()["items"]
    return [each["startsAt"] for each in found]


async def killed_at_each_point(desk: Desk, api: DoomedApi, prepare: Prepare, there: tuple[int, ...],
                               days: Iterator[int]) -> int:  # fmt: skip
    """How often it was killed."""
    for killed, point in enumerate(count(1, STEP)):
        day = next(days)
        order = await prepare(desk, day)
        order = msgspec.structs.replace(order, key=f"{prepare.__name__}-{day}", at=point)
        answered = await api.answers(order)
        answer = await again(desk, order)
        assert answer.is_success, (point, answer.text)
        assert await visits(desk, day) == [ten(day + each) for each in there], point
        if answered != KILLED:
            assert answered == str(answer.status_code)
            assert order.method == "PATCH" or answer.headers["Idempotency-Replayed"] == "true"
            return killed
    raise AssertionError("unreachable")


def mail_of(desk: Desk) -> str:
    return f"grace@{desk.tenant.slug}.example.com"


async def reminders(desk: Desk) -> Counter[str]:
    """To whom, and how many."""
    texts = ((to, mail.text) for to in (mail_of(desk), ADA) for mail in desk.house.mail_to(to))
    return Counter(to for to, text in texts if "This is a reminder" in text)


async def test_what_is_asked_for_again_is_done_once_and_reminded_of_once(desk: Desk) -> None:
    database, days, expected = desk.house.database, count(1, 3), Counter[str]()
    async with doomed_api(database) as api:
        for name, (prepare, there) in WAYS.items():
            before = await visits_in_all(desk)
            assert await killed_at_each_point(desk, api, prepare, there, days) > 1, name
            by = ADA if name in {"booking online", "accepting"} else mail_of(desk)
            expected[by] += await visits_in_all(desk) - before
    await desk.house.follow_up()
    await rows(database.admin, "update work.clock set ahead = ahead + interval '300 days'")
    async with doomed(database, NO_MAIL) as worker:
        for point in (5, 40, 90):
            await rows(database.admin, AGAIN, desk.tenant.id)
            assert await worker.dies("settle", desk.tenant.id, desk.tenant.id, at=point)
    await rows(database.admin, AGAIN, desk.tenant.id)
    for each in (desk.house.container, desk.house.work):
        await (await each.get(BusinessClock)).read()
    await desk.house.follow_up()
    assert await reminders(desk) == expected
    assert [tuple(row) for row in await rows(database.admin, STILL_KEPT)] == [(0, 0, 0)]


async def visits_in_all(desk: Desk) -> int:
    async with desk.client() as client:
        found = await client.get("/appointments", params={"status": "scheduled", "includeTotal": "true", "limit": "1"})
    return int(found.json()["total"])


async def test_a_calendar_that_was_half_read_is_read_whole(desk: Desk) -> None:
    database, lunch = desk.house.database, (instant("12:00"), instant("13:00"))
    await rows(database.admin, PATIENT)
    async with calendar_server(calendar_of(busy_from(*lunch))) as server, doomed(database, NO_MAIL) as worker:
        async with desk.client() as client:
            made = (await client.post(f"/staff/{desk.staff}/calendars", json={"url": server.url})).json()
        for held, kept in HELD.items():
            async with held_up(held, server, database) as met:
                assert await worker.dies_once(met, "work", desk.tenant.id, desk.tenant.id)
            assert await busy_times(database) == ([lunch] if kept else []), held
            await rows(database.admin, AGAIN, desk.tenant.id)
        await desk.house.follow_up()
    assert len(server.asked) == len(HELD)
    assert await busy_times(database) == [lunch]
    planned = "select due_at - now() from work.envelopes where kind = 'appointments.fetch_calendar' and subject_id = $1"
    [[wait_]] = await rows(database.admin, planned, made["id"])
    assert wait_ > timedelta(minutes=50)


PATIENT = """
    do $$ begin
        execute format('alter role frontdesk_app in database %I set lock_timeout = 0', current_database());
        execute format('alter role frontdesk_app in database %I set statement_timeout = 0', current_database());
    end $$
"""
HELD = {
    "": False,
    "lock table imported_calendars in exclusive mode": False,
    "lock table imported_calendars in share mode": False,
    "select from work.envelopes where kind = 'appointments.fetch_calendar' for update": True,
}
"""What keeps the worker: only an answer that does not come; reading what the answer belongs to; saving when to read
again, after the times; taking away its order, after the commit. And whether the times are there then."""


@asynccontextmanager
async def held_up(
    held: str, server: CalendarServer, database: TestDatabase
) -> AsyncIterator[Coroutine[Any, Any, None]]:
    """Give what returns once the worker has asked, and waits for what is `held`."""
    asked, released = len(server.asked), asyncio.Event()
    server.held_back = released
    holder = await asyncpg.connect(database.admin)

    async def met() -> None:
        await until(lambda: len(server.asked) > asked)
        if held:
            await holder.execute(f"begin; {held}")
            released.set()
            await blocked(holder)
            await until(lambda: not HELD[held] or busy_times(database))

    try:
        yield met()
    finally:
        released.set()
        await holder.close()


async def busy_times(database: TestDatabase) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await rows(database.admin, "select starts_at, ends_at from busy_times")]

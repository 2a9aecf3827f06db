"""Attack C8 119: times that become free, or are taken elsewhere, while everybody wants them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial
from pathlib import Path

import httpx
import pytest

from tests.support.calendar_server import busy_from, calendar_of, calendar_server, imported
from tests.support.calendars import EVERY_DAY, Desk, new_desk
from tests.support.databases import TestDatabase
from tests.support.house import house_over
from tests.support.people import new_tenant
from tests.support.race_history import calendar_after
from tests.support.races import patiently, slot_at
from tests.support.visitors import book_online, hold, post, wait

SLOTS = 4
TRIES = 4


@pytest.fixture
async def desk(own_database: TestDatabase, tmp_path: Path) -> AsyncIterator[Desk]:
    """Of somebody who works at all hours."""
    async with house_over(own_database, tmp_path, pool_size=30) as house:
        made = await new_desk(house, await new_tenant(house), bookableOnline=True)
        async with made.client() as client:
            every_hour = {day: [{"opens": "00:00", "closes": "24:00"}] for day in EVERY_DAY}
            assert (await client.put(f"/staff/{made.staff}/hours", json={"hours": every_hour})).is_success
        yield made


async def hold_and_book(desk: Desk, starts: str, address: str) -> httpx.Response:
    """Who holds a time gets it."""
    held = await patiently(partial(hold, desk, startsAt=starts, address=address))
    if not held.is_success:
        return held
    booked = await patiently(partial(book_online, desk, startsAt=starts, holdToken=held.json()["token"]))
    assert booked.status_code == 201, booked.text
    return booked


async def insistently(desk: Desk, number: int) -> list[str]:
    """Try to get the slot in four ways at once, some times over; the beginnings that were promised."""
    starts, promised = slot_at(number), []
    ways = (
        partial(desk.book, startsAt=starts),
        partial(desk.book, startsAt=slot_at(number, -15), staffId=None),
        partial(book_online, desk, startsAt=slot_at(number, 30)),
        partial(hold_and_book, desk, starts, f"2001:db8:{number:x}::1"),
    )
    for _ in range(TRIES):
        answers = await asyncio.gather(*map(patiently, ways))
        assert {answer.status_code for answer in answers} <= {201, 409}, [answer.text for answer in answers]
        bodies = [answer.json() for answer in answers if answer.is_success]
        promised += [body.get("booking", body)["startsAt"] for body in bodies]
    return promised


async def accepted(desk: Desk, token: str) -> list[str]:
    """What is offered is had by whom it is offered to."""
    async with desk.house.client() as client:
        place = (await client.get(f"/public/waiting-list/{token}")).json()
    if place["status"] != "offered":
        return []
    booked = await post(desk, f"/public/waiting-list/{token}/accept")
    assert booked.status_code == 201, booked.text
    return [booked.json()["booking"]["startsAt"]]


async def in_the_calendar(desk: Desk) -> list[str]:
    return sorted(f"{visit.starts_at:%Y-%m-%dT%H:%M:%S.000Z}" for visit in await calendar_after(desk))


async def test_a_freed_time_is_had_by_one_who_waits_or_was_faster(desk: Desk) -> None:
    visits = [(await desk.booked(startsAt=slot_at(number)))["id"] for number in range(SLOTS)]
    waiting = [await wait(desk, fromAt=slot_at(number), untilAt=slot_at(number, 1)) for number in range(SLOTS)]
    stop = asyncio.Event()
    working = asyncio.create_task(desk.house.relay.run(stop))
    async with desk.client() as client:
        gone = [patiently(partial(client.delete, f"/appointments/{visit}")) for visit in visits]
        promised = await asyncio.gather(*(insistently(desk, number) for number in range(1, SLOTS)), *gone)
    stop.set()
    await working
    await desk.house.follow_up()
    had = [start for each in promised if isinstance(each, list) for start in each]
    offered = [start for place in waiting for start in await accepted(desk, place.json()["token"])]
    assert slot_at(0) in offered
    assert len(had) + len(offered) == SLOTS
    assert await in_the_calendar(desk) == sorted(had + offered)


async def test_what_is_taken_elsewhere_is_not_booked_online_once_it_is_known(desk: Desk) -> None:
    begins = [slot_at(number) for number in range(SLOTS)]
    busy = [
        busy_from(datetime.fromisoformat(start), datetime.fromisoformat(slot_at(number, 60)), uid=str(number))
        for number, start in enumerate(begins)
    ]
    ways = [partial(book_online, desk, startsAt=start) for start in begins]
    async with calendar_server(calendar_of(*busy)) as server:
        read = imported(desk.house, desk.tenant.owner.token, desk.staff, server.url)
        shown, *answers = await asyncio.gather(read, *map(patiently, ways))
        assert shown["lastError"] is None
    had = [answer.json()["booking"]["startsAt"] for answer in answers if answer.is_success]
    late = await asyncio.gather(*map(patiently, ways))
    assert {(answer.status_code, answer.json()["code"]) for answer in late} == {(409, "slot_taken")}
    assert await in_the_calendar(desk) == sorted(had)

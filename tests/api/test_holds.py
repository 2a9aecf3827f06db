"""Times that visitors hold: nobody else books them, they end by themselves, and nobody has many. Attack C8 125."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from tests.security.http.operations import NO_TOKEN
from tests.support.calendars import Desk, new_desk
from tests.support.databases import TestDatabase
from tests.support.days import ELEVEN, TEN, at
from tests.support.house import House, house_over
from tests.support.people import Tenant, new_tenant
from tests.support.races import patiently
from tests.support.stories import events_of, inspector
from tests.support.visitors import book_online, clock_alone, hold, move_clock, offered


@pytest.fixture
async def desk(house: House, tenant: Tenant) -> Desk:
    return await new_desk(house, tenant, bookableOnline=True, bufferAfter=0)


@pytest.fixture
async def own_desk(own_database: TestDatabase, tmp_path: Path) -> AsyncIterator[Desk]:
    """A business whose clock is its own."""
    async with house_over(own_database, tmp_path) as house:
        yield await new_desk(house, await new_tenant(house), bookableOnline=True, bufferAfter=0)


async def test_a_time_that_is_held_is_booked_by_its_token_and_by_nobody_else(desk: Desk) -> None:
    held = await hold(desk)
    assert held.status_code == 201, held.text
    token, shown = held.json()["token"], held.json()["hold"]
    assert (shown["startsAt"], shown["staffId"], shown["timezone"]) == (TEN, desk.staff, "America/New_York")
    assert TEN not in await offered(desk)
    for refused in (await book_online(desk), await desk.book(startsAt=TEN), await hold(desk)):
        assert (refused.status_code, refused.json()["code"]) == (409, "slot_taken")
    assert "conflictsWith" not in (await hold(desk)).json()
    async with desk.house.client() as client:
        assert (await client.get(f"/public/holds/{token}")).json() == shown
    made = await book_online(desk, holdToken=token)
    assert (made.status_code, made.json()["booking"]["staffId"]) == (201, desk.staff), made.text
    async with desk.house.client() as client:
        assert (await client.get(f"/public/holds/{token}")).status_code == 404
        assert (await client.get(f"/public/holds/{NO_TOKEN}")).status_code == 404
        assert (await client.get(f"/public/bookings/{token}")).status_code == 404


async def test_a_hold_keeps_its_own_time_and_no_other(desk: Desk) -> None:
    token = (await hold(desk)).json()["token"]
    other = await book_online(desk, holdToken=token, startsAt=ELEVEN)
    assert (other.status_code, other.json()["errors"][0]["field"]) == (400, "holdToken")
    assert (await book_online(desk, holdToken=NO_TOKEN)).status_code == 409
    assert (await book_online(desk, holdToken=NO_TOKEN, startsAt=ELEVEN)).status_code == 201


async def test_only_what_is_offered_is_held(desk: Desk) -> None:
    for starts in (at("10:10"), "2020-12-07T15:00:00Z"):
        answer = await hold(desk, startsAt=starts)
        assert (answer.status_code, answer.json()["code"]) == (422, "outside_hours"), starts
    assert (await hold(desk, staffId=desk.customer)).status_code == 404


async def test_a_time_that_is_given_back_is_free_at_once(desk: Desk) -> None:
    token = (await hold(desk)).json()["token"]
    async with desk.house.client() as client:
        for _ in range(2):
            assert (await client.delete(f"/public/holds/{token}")).status_code == 204
    assert TEN in await offered(desk)
    assert (await book_online(desk)).status_code == 201


async def test_a_hold_ends_by_itself_whether_or_not_a_worker_runs(own_desk: Desk) -> None:
    token = (await hold(own_desk)).json()["token"]
    await clock_alone(own_desk.house, 11)
    assert TEN in await offered(own_desk)
    assert (await book_online(own_desk, holdToken=token)).status_code == 201
    assert (await hold(own_desk, startsAt=ELEVEN)).status_code == 201
    await move_clock(own_desk.house, "PT11M")
    async with inspector(own_desk.house) as admin:
        assert await admin.fetchval("select count(*) from slot_holds") == 0
        assert await admin.fetchval("select count(*) from directory.routes where kind = 'hold'") == 0
        assert await admin.fetchval("select count(*) from occupancies") == 1
    assert ELEVEN in await offered(own_desk)


async def test_what_becomes_of_holds_is_told(own_desk: Desk) -> None:
    tokens = [(await hold(own_desk, startsAt=starts)).json()["token"] for starts in (TEN, ELEVEN)]
    assert (await book_online(own_desk, holdToken=tokens[0])).status_code == 201
    async with own_desk.house.client() as client:
        for _ in range(2):
            assert (await client.delete(f"/public/holds/{tokens[1]}")).status_code == 204
    later = [at("13:00"), at("15:00")]
    for starts in later:
        assert (await hold(own_desk, startsAt=starts)).status_code == 201
    await clock_alone(own_desk.house, 11)
    await own_desk.booked(startsAt=later[0])
    await own_desk.house.follow_up()
    happened = Counter(event["type"] for event in await events_of(own_desk.house, own_desk.tenant))
    assert {name: number for name, number in happened.items() if name.startswith("slot_hold")} == {
        "slot_hold.made": 4,
        "slot_hold.booked": 1,
        "slot_hold.released": 1,
        "slot_hold.expired": 2,
    }


async def test_a_visitor_holds_five_times_and_others_are_let_in(desk: Desk) -> None:
    times = [at("10:00", day=day) for day in range(12)]
    answers = await asyncio.gather(*[patiently(partial(hold, desk, startsAt=starts)) for starts in times])
    assert Counter(answer.status_code for answer in answers) == {201: 5, 429: 7}
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert 0 < refused.json()["retryAfter"] <= 600
    assert (await hold(desk, startsAt=at("10:00", day=14), address="198.51.100.7")).status_code == 201


async def test_one_key_holds_once_and_another_visitor_s_is_another(desk: Desk) -> None:
    first, again = await hold(desk, key="a"), await hold(desk, key="a")
    assert (first.status_code, again.status_code) == (201, 201)
    assert (again.json(), again.headers["Idempotency-Replayed"]) == (first.json(), "true")
    reused = await hold(desk, key="a", startsAt=ELEVEN)
    assert (reused.status_code, reused.json()["code"]) == (422, "idempotency_key_reused")
    assert (await hold(desk, key="b")).status_code == 409
    async with inspector(desk.house) as admin:
        kept = await admin.fetch("select result::text from idempotency_keys where tenant_id = $1", desk.tenant.id)
    assert len(kept) == 1
    assert first.json()["token"] not in kept[0][0]


async def test_all_who_want_one_time_by_holding_or_booking_get_it_once(desk: Desk) -> None:
    ways = [
        partial(hold, desk, address=f"192.0.2.{number}") if number % 3 == 0
        else partial(book_online, desk) if number % 3 == 1
        else partial(desk.book, startsAt=TEN)
        for number in range(15)
    ]  # fmt: skip
    answers = await asyncio.gather(*map(patiently, ways))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 14}

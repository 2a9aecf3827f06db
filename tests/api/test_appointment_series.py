"""Series over HTTP: booked whole or not at all, changed one by one, from one on, or all."""

import asyncio
from collections import Counter
from functools import partial
from typing import Any

import pytest

from tests.support.calendars import Desk, Json, new_desk
from tests.support.house import House
from tests.support.people import Tenant
from tests.support.races import patiently
from tests.support.stories import inspector

MONDAY = "2027-03-01T14:00:00Z"
"""At nine in New York; the clocks go forward on 14 March."""
WEEKLY = {"startsAt": MONDAY, "recurrence": "FREQ=WEEKLY;COUNT=4"}


@pytest.fixture
async def desk(house: House, tenant: Tenant) -> Desk:
    return await new_desk(house, tenant)


async def visits(desk: Desk, **params: Any) -> list[Json]:
    async with desk.client() as client:
        return list((await client.get("/appointments", params={"limit": 100, **params})).json()["items"])


async def starts(desk: Desk) -> list[str]:
    return [each["startsAt"][5:16] for each in await visits(desk, status="scheduled")]


async def test_a_series_keeps_its_time_of_day(desk: Desk) -> None:
    first = await desk.booked(**WEEKLY)
    made = await visits(desk)
    assert made[0] == first
    assert {each["seriesId"] for each in made} == {first["seriesId"]}
    assert await starts(desk) == ["03-01T14:00", "03-08T14:00", "03-15T13:00", "03-22T13:00"]


async def test_a_series_is_booked_whole_or_not_at_all(desk: Desk) -> None:
    other = await desk.booked(startsAt="2027-03-22T13:30:00Z")
    refused = await desk.book(**WEEKLY)
    assert (refused.status_code, refused.json()["conflictsWith"]) == (409, other["id"])
    assert [each["id"] for each in await visits(desk)] == [other["id"]]
    bad = await desk.book(startsAt=MONDAY, recurrence="FREQ=WEEKLY")
    assert (bad.status_code, bad.json()["errors"][0]["field"]) == (400, "recurrence")


async def test_one_the_following_or_all_are_moved_by_the_clock(desk: Desk) -> None:
    await desk.booked(**WEEKLY)
    second = (await visits(desk))[1]["id"]
    async with desk.client() as client:
        path = f"/appointments/{second}"
        for scope, order, wanted in (
            ("one", {"startsAt": "2027-03-08T15:00:00Z"}, ["03-01T14:00", "03-08T15:00", "03-15T13:00", "03-22T13:00"]),
            (
                "following",
                {"startsAt": "2027-03-08T16:00:00Z"},
                ["03-01T14:00", "03-08T16:00", "03-15T14:00", "03-22T14:00"],
            ),
            (
                "all",
                {"startsAt": "2027-03-15T15:00:00Z", "title": "Moved"},
                ["03-08T14:00", "03-15T15:00", "03-22T14:00", "03-29T14:00"],
            ),
        ):
            answer = await client.patch(path, params={"scope": scope}, json=order)
            assert answer.status_code == 200, answer.text
            assert await starts(desk) == wanted, scope
    assert {each["title"] for each in await visits(desk)} == {"Moved"}


async def test_where_one_has_no_place_none_is_moved(desk: Desk) -> None:
    first = await desk.booked(**WEEKLY)
    await desk.booked(startsAt="2027-03-22T15:00:00Z")
    before = await visits(desk)
    async with desk.client() as client:
        path = f"/appointments/{first['id']}"
        refused = await client.patch(path, params={"scope": "all"}, json={"startsAt": "2027-03-01T16:00:00Z"})
    assert (refused.status_code, refused.json()["code"]) == (409, "slot_taken")
    assert await visits(desk) == before


async def test_the_following_are_cancelled_and_what_was_is_let_be(desk: Desk) -> None:
    await desk.booked(**WEEKLY)
    made = await visits(desk)
    async with desk.client() as client:
        await client.patch(f"/appointments/{made[0]['id']}/status", json={"status": "completed"})
        gone = await client.delete(f"/appointments/{made[2]['id']}", params={"scope": "following"})
        assert gone.status_code == 204
        assert [each["status"] for each in await visits(desk)] == ["completed", "scheduled", "cancelled", "cancelled"]
        assert (await client.delete(f"/appointments/{made[1]['id']}", params={"scope": "all"})).status_code == 204
    assert Counter(each["status"] for each in await visits(desk)) == {"completed": 1, "cancelled": 3}


async def test_series_that_race_do_not_meet(desk: Desk) -> None:
    shifted = {"startsAt": "2027-03-01T14:30:00Z", "recurrence": "FREQ=WEEKLY;COUNT=4"}
    ways = [partial(desk.book, **(WEEKLY if at % 2 else shifted)) for at in range(8)]
    answers = await asyncio.gather(*map(patiently, ways))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 7}
    async with inspector(desk.house) as admin:
        assert await admin.fetchval("select count(*) from occupancies where tenant_id = $1", desk.tenant.id) == 4

"""Series over HTTP: booked whole or not at all, changed one by one, from one on, or all."""

import asyncio
from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from tests.support.calendars import Desk, Json, new_desk
from tests.support.days import monday_before_spring
from tests.support.house import House
from tests.support.people import Tenant
from tests.support.races import patiently
from tests.support.stories import inspector

MONDAY = monday_before_spring()


def week(number: int, utc: str) -> str:
    """That time on the Monday of the week. Between the second and the third the clocks of New York go forward."""
    return f"{MONDAY + timedelta(weeks=number - 1)}T{utc}:00.000Z"


def weeks(*utc: str, first: int = 1) -> list[str]:
    return [week(number, each) for number, each in enumerate(utc, first)]


NINE = week(1, "14:00")
"""By the clocks of New York."""
WEEKLY = {"startsAt": NINE, "recurrence": "FREQ=WEEKLY;COUNT=4"}


@pytest.fixture
async def desk(house: House, tenant: Tenant) -> Desk:
    return await new_desk(house, tenant)


async def visits(desk: Desk, **params: Any) -> list[Json]:
    async with desk.client() as client:
        return list((await client.get("/appointments", params={"limit": 100, **params})).json()["items"])


async def starts(desk: Desk) -> list[str]:
    return [each["startsAt"] for each in await visits(desk, status="scheduled")]


async def test_a_series_keeps_its_time_of_day(desk: Desk) -> None:
    first = await desk.booked(**WEEKLY)
    made = await visits(desk)
    assert made[0] == first
    assert {each["seriesId"] for each in made} == {first["seriesId"]}
    assert await starts(desk) == weeks("14:00", "14:00", "13:00", "13:00")


async def test_a_series_is_booked_whole_or_not_at_all(desk: Desk) -> None:
    other = await desk.booked(startsAt=week(4, "13:30"))
    refused = await desk.book(**WEEKLY)
    assert (refused.status_code, refused.json()["conflictsWith"]) == (409, other["id"])
    assert [each["id"] for each in await visits(desk)] == [other["id"]]
    bad = await desk.book(startsAt=NINE, recurrence="FREQ=WEEKLY")
    assert (bad.status_code, bad.json()["errors"][0]["field"]) == (400, "recurrence")


async def test_one_the_following_or_all_are_moved_by_the_clock(desk: Desk) -> None:
    await desk.booked(**WEEKLY)
    second = (await visits(desk))[1]["id"]
    async with desk.client() as client:
        path = f"/appointments/{second}"
        for scope, order, wanted in (
            ("one", {"startsAt": week(2, "15:00")}, weeks("14:00", "15:00", "13:00", "13:00")),
            ("following", {"startsAt": week(2, "16:00")}, weeks("14:00", "16:00", "14:00", "14:00")),
            (
                "all",
                {"startsAt": week(4, "15:00"), "title": "Moved"},
                weeks("13:00", "15:00", "14:00", "14:00", first=3),
            ),
        ):
            answer = await client.patch(path, params={"scope": scope}, json=order)
            assert answer.status_code == 200, answer.text
            assert await starts(desk) == wanted, scope
    assert {each["title"] for each in await visits(desk)} == {"Moved"}


async def test_where_one_has_no_place_none_is_moved(desk: Desk) -> None:
    first = await desk.booked(**WEEKLY)
    await desk.booked(startsAt=week(4, "15:00"))
    before = await visits(desk)
    async with desk.client() as client:
        path = f"/appointments/{first['id']}"
        refused = await client.patch(path, params={"scope": "all"}, json={"startsAt": week(1, "16:00")})
    assert (refused.status_code, refused.json()["code"]) == (409, "slot_taken")
    assert await visits(desk) == before


@pytest.mark.parametrize("scope", ["following", "all"])
async def test_what_is_moved_to_where_it_is_keeps_its_time(desk: Desk, scope: str) -> None:
    first = await desk.booked(**WEEKLY)
    async with desk.client() as client:
        for order in ({"startsAt": NINE}, {"staffId": desk.staff}):
            answer = await client.patch(f"/appointments/{first['id']}", params={"scope": scope}, json=order)
            assert answer.json() == first, answer.text
    for at in range(1, 5):
        assert (await desk.book(startsAt=week(at, "14:00" if at < 3 else "13:00"))).status_code == 409


@pytest.mark.parametrize(
    "order",
    [
        {"startsAt": "0001-01-01T00:00:00Z"},
        {"startsAt": "9999-12-31T23:59:59-14:00"},
        {"endsAt": "0001-01-01T00:00:00Z"},
        {"startsAt": "2199-12-31T23:59:59Z"},
    ],
)
async def test_none_is_moved_to_a_year_that_cannot_be_booked(desk: Desk, order: Json) -> None:
    first = await desk.booked(**WEEKLY)
    async with desk.client() as client:
        refused = await client.patch(f"/appointments/{first['id']}", params={"scope": "all"}, json=order)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "out_of_range"), refused.text
    assert await starts(desk) == weeks("14:00", "14:00", "13:00", "13:00")


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
    shifted = {"startsAt": week(1, "14:30"), "recurrence": "FREQ=WEEKLY;COUNT=4"}
    ways = [partial(desk.book, **(WEEKLY if at % 2 else shifted)) for at in range(8)]
    answers = await asyncio.gather(*map(patiently, ways))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 7}
    async with inspector(desk.house) as admin:
        assert await admin.fetchval("select count(*) from occupancies where tenant_id = $1", desk.tenant.id) == 4

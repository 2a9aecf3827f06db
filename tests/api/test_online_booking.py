"""What customers do themselves: see what is offered, book it, move and cancel it; and how far their token reaches."""

import asyncio
from collections import Counter
from functools import partial
from typing import Any

import httpx
import pytest

from tests.security.http.operations import NO_TOKEN
from tests.support.calendars import Desk, new_desk
from tests.support.days import DAY, ELEVEN, TEN, at
from tests.support.house import House
from tests.support.people import Tenant
from tests.support.races import patiently
from tests.support.stories import inspector


@pytest.fixture
async def desk(house: House, tenant: Tenant) -> Desk:
    return await new_desk(house, tenant, bookableOnline=True, bufferAfter=0)


def shop(desk: Desk) -> str:
    return f"/public/tenants/{desk.tenant.slug}"


async def book(desk: Desk, **fields: Any) -> httpx.Response:
    body = {"serviceId": desk.service, "startsAt": TEN, "name": "Ada Lovelace", "email": "Ada@Example.com", **fields}
    async with desk.house.client() as client:
        return await client.post(f"{shop(desk)}/bookings", json=body)


async def test_a_stranger_books_what_is_offered_and_the_business_sees_who_it_is(desk: Desk) -> None:
    async with desk.house.client() as client:
        (service,) = (await client.get(f"{shop(desk)}/services")).json()["items"]
        params = {"serviceId": service["id"], **DAY}
        offered = (await client.get(f"{shop(desk)}/availability", params=params)).json()["slots"]
        answer = await book(desk, startsAt=offered[2]["startsAt"])
        assert answer.status_code == 201, answer.text
        made = answer.json()
        found = await client.get(f"/public/bookings/{made['token']}")
        left = (await client.get(f"{shop(desk)}/availability", params=params)).json()["slots"]
    assert answer.headers["Location"] == f"/api/v1/public/bookings/{made['token']}"
    assert found.json() == made["booking"]
    assert (made["booking"]["startsAt"], made["booking"]["status"]) == (offered[2]["startsAt"], "scheduled")
    assert made["booking"]["changeableUntil"] == at("10:00", day=-1)
    assert offered[2]["startsAt"] not in {each["startsAt"] for each in left}
    async with desk.client() as client:
        (visit,) = (await client.get("/appointments")).json()["items"]
        customer = (await client.get(f"/customers/{visit['customerId']}")).json()
    assert (customer["name"], customer["emails"]) == ("Ada Lovelace", ["ada@example.com"])


async def test_only_what_is_offered_is_booked(desk: Desk) -> None:
    for starts in (at("10:10"), at("08:00"), "2020-12-07T15:00:00Z", at("10:00", day=3653)):
        answer = await book(desk, startsAt=starts)
        assert (answer.status_code, answer.json()["code"]) == (422, "outside_hours"), starts
    assert (await book(desk)).status_code == 201
    taken = await book(desk)
    assert (taken.status_code, taken.json()["code"]) == (409, "slot_taken")
    assert "conflictsWith" not in taken.json()


async def test_a_service_that_is_not_for_online_is_not_there(desk: Desk, house: House, other_tenant: Tenant) -> None:
    inside = await new_desk(house, other_tenant)
    for service in (inside.service, NO_TOKEN):
        answer = await book(desk, serviceId=service)
        assert answer.status_code in {400, 404}
    assert (await book(inside)).status_code == 404
    async with house.client() as client:
        assert (await client.get(f"{shop(inside)}/services")).json() == {"items": []}
        assert (await client.get("/public/tenants/nobody-has-this/services")).status_code == 404


async def test_a_token_moves_and_cancels_its_own_visit_and_nothing_else(desk: Desk) -> None:
    first, second = (await book(desk)).json(), (await book(desk, startsAt=ELEVEN)).json()
    async with desk.house.client() as client:
        path = f"/public/bookings/{first['token']}"
        taken = await client.patch(path, json={"startsAt": ELEVEN})
        assert (taken.status_code, taken.json()["code"]) == (409, "slot_taken")
        outside = await client.patch(path, json={"startsAt": at("06:00")})
        assert (outside.status_code, outside.json()["code"]) == (422, "outside_hours")
        stale, later = {"If-Match": '"7"'}, {"startsAt": at("13:00")}
        assert (await client.patch(path, json=later, headers=stale)).status_code == 412
        assert (await client.delete(path, headers=stale)).status_code == 412
        moved = await client.patch(path, json=later, headers={"If-Match": '"1"'})
        assert (moved.status_code, moved.json()["startsAt"]) == (200, at("13:00")), moved.text
        assert (await client.delete(path, params={"reason": "Ill"})).status_code == 204
        assert (await client.get(path)).json()["status"] == "cancelled"
        other = await client.get(f"/public/bookings/{second['token']}")
        assert (other.json()["status"], other.json()["startsAt"]) == ("scheduled", ELEVEN)
        for nobody in (NO_TOKEN, "x"):
            assert (await client.get(f"/public/bookings/{nobody}")).status_code == 404
            assert (await client.delete(f"/public/bookings/{nobody}")).status_code == 404


async def test_after_the_deadline_only_the_business_changes_it(desk: Desk) -> None:
    made = (await book(desk)).json()
    async with desk.client() as client:
        late = {"changeNoticeMinutes": 40_320}
        assert (await client.patch("/appointments/policy", json=late)).status_code == 200
    async with desk.house.client() as client:
        path = f"/public/bookings/{made['token']}"
        for answer in (await client.patch(path, json={"startsAt": ELEVEN}), await client.delete(path)):
            assert (answer.status_code, answer.json()["code"]) == (422, "deadline_passed")


async def test_a_business_that_is_suspended_is_closed_to_strangers(desk: Desk) -> None:
    made = (await book(desk)).json()
    async with inspector(desk.house) as admin:
        await admin.execute("update directory.tenants set suspended_at = now() where id = $1", desk.tenant.id)
    assert (await book(desk, startsAt=ELEVEN)).status_code == 404
    async with desk.house.client() as client:
        assert (await client.get(f"/public/bookings/{made['token']}")).status_code == 404


async def test_strangers_and_staff_who_race_for_one_time_get_it_once(desk: Desk) -> None:
    ways = [partial(book, desk) if number % 2 else partial(desk.book, startsAt=TEN) for number in range(12)]
    answers = await asyncio.gather(*map(patiently, ways))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 11}

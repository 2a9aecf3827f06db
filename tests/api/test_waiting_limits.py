"""Nobody fills a waiting list: not one network, not one address, and not by asking for the same again."""

import asyncio
from collections import Counter
from functools import partial
from typing import Any

import pytest

from tests.support.calendars import Desk, new_desk
from tests.support.days import at
from tests.support.house import House
from tests.support.people import Tenant
from tests.support.races import patiently
from tests.support.visitors import post, wait
from tests.support.waiting_lists import BOB, DAYS, cancel, mailed_token, place, taken, the_only_hour


@pytest.fixture
async def desk(house: House, tenant: Tenant) -> Desk:
    made = await new_desk(house, tenant, bookableOnline=True, bufferAfter=0)
    await the_only_hour(made)
    return made


def nobody(number: int) -> dict[str, Any]:
    return {"name": f"N{number}", "email": f"n{number}@example.com"}


async def on_the_list(desk: Desk) -> list[str]:
    async with desk.client() as client:
        listed = (await client.get("/waiting-list", params={"includeTotal": "true"})).json()
    assert listed["total"] == len(listed["items"])
    return [each["contact"]["email"] for each in listed["items"]]


async def test_a_network_and_an_address_have_a_few_places_each_and_others_are_let_in(desk: Desk) -> None:
    await taken(desk)
    ways = [partial(wait, desk, **nobody(number)) for number in range(12)]
    answers = await asyncio.gather(*map(patiently, ways))
    assert Counter(answer.status_code for answer in answers) == {201: 10, 429: 2}
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert refused.json()["retryAfter"] > 0
    assert (await wait(desk, address="198.51.100.7", **nobody(20))).status_code == 201
    hours = [{"fromAt": at(f"0{hour}:00"), "address": f"203.0.113.{hour}"} for hour in range(7)]
    found = [(await wait(desk, **each)).status_code for each in reversed(hours)]
    assert found == [201] * 5 + [429] * 2


async def test_who_waits_twice_for_the_same_is_on_the_list_once_and_no_answer_tells(desk: Desk) -> None:
    visit = await taken(desk)
    first, again, inner = [
        await wait(desk, **fields) for fields in ({}, {}, {"untilAt": at("23:00"), "staffId": desk.staff})
    ]
    other = await wait(desk, **BOB)
    assert await on_the_list(desk) == ["ada@example.com", "bob@example.com"]
    assert again.status_code == 201
    assert again.json()["place"] == first.json()["place"]
    assert again.json()["token"] != first.json()["token"]
    assert await place(desk, again.json()["token"]) == again.json()["place"]
    await cancel(desk, visit)
    tokens = [each.json()["token"] for each in (first, again, inner, other)]
    assert [(await place(desk, token))["status"] for token in tokens] == ["offered", "waiting", "waiting", "waiting"]
    assert (await post(desk, f"/public/waiting-list/{tokens[1]}/accept")).json()["code"] == "expired"
    assert (await post(desk, f"/public/waiting-list/{tokens[0]}/accept")).status_code == 201
    assert [(await place(desk, token))["status"] for token in tokens] == ["booked", "waiting", "waiting", "waiting"]


async def test_who_gave_another_s_address_keeps_them_from_nothing(desk: Desk) -> None:
    visit = await taken(desk)
    stranger, own, last = [(await wait(desk, **each)).json()["token"] for each in ({}, {}, {"untilAt": at("23:00")})]
    async with desk.house.client() as client:
        assert (await client.delete(f"/public/waiting-list/{stranger}")).status_code == 204
    assert await on_the_list(desk) == ["ada@example.com"] * 2
    await cancel(desk, visit)
    assert [(await place(desk, token))["status"] for token in (stranger, own, last)] == ["left", "offered", "waiting"]
    assert mailed_token(desk, "ada@example.com") == own


async def test_staff_are_told_that_a_customer_waits_already(desk: Desk) -> None:
    await taken(desk)
    async with desk.client() as client:
        body = {"customerId": desk.customer, "serviceId": desk.service, **DAYS}
        assert (await client.post("/waiting-list", json=body)).status_code == 201
        again = await client.post("/waiting-list", json=body)
        assert (again.status_code, again.json()["code"]) == (409, "already_exists")
        wider = await client.post("/waiting-list", json={**body, "untilAt": at("00:00", day=2)})
        assert wider.status_code == 201

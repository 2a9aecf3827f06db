"""Who books online and is known already is found, is not told so, and changes nothing of what is kept of them."""

from typing import Any

import pytest

from tests.support.calendars import Desk, new_desk
from tests.support.days import ELEVEN, TEN
from tests.support.house import House
from tests.support.people import Tenant
from tests.support.visitors import book_online

GRACE = {"name": "G. Hopper", "phone": "+15551230000"}


@pytest.fixture
async def desk(house: House, tenant: Tenant) -> Desk:
    return await new_desk(house, tenant, bookableOnline=True, bufferAfter=0)


async def of_desk(desk: Desk, path: str) -> Any:
    async with desk.client() as client:
        answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def shape(made: dict[str, Any]) -> dict[str, Any]:
    """The answer, less what is another each time."""
    return {
        name: value for name, value in made["booking"].items() if name not in {"startsAt", "endsAt", "changeableUntil"}
    }


async def test_the_address_finds_the_customer_and_nothing_is_overwritten(desk: Desk) -> None:
    before = await of_desk(desk, f"/customers/{desk.customer}")
    known = await book_online(desk, email=before["emails"][0].upper(), **GRACE)
    new = await book_online(desk, startsAt=ELEVEN, email="new@example.com", **GRACE)
    assert (known.status_code, new.status_code) == (201, 201), known.text
    assert shape(known.json()) == shape(new.json())
    first, second = (await of_desk(desk, "/appointments"))["items"]
    assert first["customerId"] == desk.customer
    assert first["contact"] == {"name": "G. Hopper", "email": before["emails"][0], "phone": "+15551230000"}
    assert second["customerId"] != desk.customer
    assert await of_desk(desk, f"/customers/{desk.customer}") == before


async def test_the_number_finds_the_customer_where_the_address_does_not(desk: Desk) -> None:
    async with desk.client() as client:
        phones = {"phones": ["+15551230000"]}
        assert (await client.patch(f"/customers/{desk.customer}", json=phones)).status_code == 200
    assert (await book_online(desk, email="other@example.com", **GRACE)).status_code == 201
    (visit,) = (await of_desk(desk, "/appointments"))["items"]
    assert visit["customerId"] == desk.customer


async def test_who_comes_twice_is_one_customer(desk: Desk) -> None:
    for starts in (TEN, ELEVEN):
        assert (await book_online(desk, startsAt=starts)).status_code == 201
    visits = (await of_desk(desk, "/appointments"))["items"]
    assert len({visit["customerId"] for visit in visits}) == 1


async def test_who_was_merged_is_found_as_the_one_who_stays(desk: Desk) -> None:
    async with desk.client() as client:
        other = (await client.post("/customers", json={"name": "Ada", "emails": ["ada@example.com"]})).json()["id"]
        assert (await client.post(f"/customers/{other}/merge", json={"into": desk.customer})).is_success
    assert (await book_online(desk)).status_code == 201
    (visit,) = (await of_desk(desk, "/appointments"))["items"]
    assert visit["customerId"] == desk.customer


async def test_what_is_wrong_is_named_by_the_visitor_s_fields(desk: Desk) -> None:
    answer = await book_online(desk, name="  ", email="nobody", phone="12345")
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == ["name", "email", "phone"]

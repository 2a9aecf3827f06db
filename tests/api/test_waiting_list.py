"""The waiting list: what becomes free is offered to one after the other, and is nobody else's meanwhile."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.calendars import Desk, new_desk
from tests.support.databases import TestDatabase
from tests.support.days import ELEVEN, TEN, at, on
from tests.support.house import house_over
from tests.support.people import new_tenant
from tests.support.stories import events_of
from tests.support.visitors import book_online, move_clock, offered, post, shop, wait
from tests.support.waiting_lists import BOB, DAYS, cancel, mailed_token, place, taken, the_only_hour

ONLY = {"opens": "10:00", "closes": "11:00"}
Change = tuple[str, str, dict[str, Any]]


@pytest.fixture
async def desk(own_database: TestDatabase, tmp_path: Path) -> AsyncIterator[Desk]:
    """A business whose clock is its own, with one hour on one day, which is taken."""
    async with house_over(own_database, tmp_path) as house:
        made = await new_desk(house, await new_tenant(house), bookableOnline=True, bufferAfter=0)
        await the_only_hour(made)
        yield made


async def changed(desk: Desk, change: Change) -> None:
    method, path, body = change
    filled = {name: [desk.staff] if value == ["{staff}"] else value for name, value in body.items()}
    async with desk.client() as client:
        answer = await client.request(method, path.format(staff=desk.staff, service=desk.service), json=filled)
    assert answer.is_success, answer.text


async def test_a_freed_time_is_offered_to_the_first_and_booked_by_the_link_in_the_letter(desk: Desk) -> None:
    visit = await taken(desk)
    first, second = (await wait(desk)).json()["token"], (await wait(desk, **BOB)).json()["token"]
    assert (await place(desk, first))["offer"] is None
    await cancel(desk, visit)
    offer = (await place(desk, first))["offer"]
    assert offer["startsAt"] == TEN
    assert ((await place(desk, second))["status"], await offered(desk)) == ("waiting", set())
    assert (await book_online(desk)).status_code == 409
    assert desk.house.mail_to("bob@example.com") == []
    token = mailed_token(desk, "ada@example.com")
    assert token == first
    booked = await post(desk, f"/public/waiting-list/{token}/accept")
    assert (booked.status_code, booked.json()["booking"]["startsAt"]) == (201, TEN), booked.text
    assert (await place(desk, first))["status"] == "booked"
    again = await post(desk, f"/public/waiting-list/{token}/accept")
    assert (again.status_code, again.json()["code"]) == (410, "expired")
    async with desk.house.client() as client:
        shown = await client.get(f"/public/bookings/{booked.json()['token']}")
    assert shown.json() == booked.json()["booking"]
    types = {event["type"] for event in await events_of(desk.house, desk.tenant)}
    assert types >= {"waiting_list.joined", "waiting_list.offered", "waiting_list.booked"}


async def test_what_is_declined_or_let_lapse_goes_to_the_next(desk: Desk) -> None:
    visit = await taken(desk)
    tokens = [
        (await wait(desk, **who)).json()["token"] for who in ({}, BOB, {"name": "Eve", "email": "eve@example.com"})
    ]
    await cancel(desk, visit)
    declined = await post(desk, f"/public/waiting-list/{tokens[0]}/decline")
    assert (declined.status_code, declined.json()["status"]) == (200, "waiting"), declined.text
    assert (await post(desk, f"/public/waiting-list/{tokens[0]}/decline")).json()["code"] == "invalid_transition"
    await desk.house.follow_up()
    assert [(await place(desk, token))["status"] for token in tokens] == ["waiting", "offered", "waiting"]
    await move_clock(desk.house, "PT121M")
    assert [(await place(desk, token))["status"] for token in tokens] == ["waiting", "waiting", "offered"]
    late = await post(desk, f"/public/waiting-list/{tokens[1]}/accept")
    assert (late.status_code, late.json()["code"]) == (410, "expired")
    await move_clock(desk.house, "PT121M")
    assert {(await place(desk, token))["status"] for token in tokens} == {"waiting"}
    assert await offered(desk) == {TEN}


async def test_who_leaves_is_offered_nothing_and_gives_back_what_was_offered(desk: Desk) -> None:
    visit = await taken(desk)
    first, second = (await wait(desk)).json()["token"], (await wait(desk, **BOB)).json()["token"]
    await cancel(desk, visit)
    async with desk.house.client() as client:
        shown = await client.get(f"/public/waiting-list/{first}")
        assert shown.headers["ETag"] == f'"{shown.json()["version"]}"'
        stale = await client.delete(f"/public/waiting-list/{first}", headers={"If-Match": '"1"'})
        assert stale.status_code == 412
        for _ in range(2):
            assert (await client.delete(f"/public/waiting-list/{first}")).status_code == 204
    await desk.house.follow_up()
    assert ((await place(desk, first))["status"], (await place(desk, second))["status"]) == ("left", "offered")


async def test_a_visit_that_is_moved_frees_its_time(desk: Desk) -> None:
    visit, token = await taken(desk), (await wait(desk)).json().get("token")
    async with desk.client() as client:
        moved = await client.patch(f"/appointments/{visit}", json={"startsAt": at("10:00", day=2)})
        assert moved.status_code == 200, moved.text
    await desk.house.follow_up()
    assert (await place(desk, str(token)))["offer"]["startsAt"] == TEN


HOURS, AWAY, SERVICE = "/staff/{staff}/hours", "/staff/{staff}/time-off", "/services/{service}"
POLICY = "/appointments/policy"


@pytest.mark.parametrize(
    ("shut", "opened"),
    [
        (
            ("PUT", HOURS, {"exceptions": [{"date": on(0)}]}),
            ("PUT", HOURS, {"exceptions": [{"date": on(0), "periods": [ONLY]}]}),
        ),
        (
            ("PUT", AWAY, {"timeOff": [{"startsAt": at("09:30"), "endsAt": at("12:00")}]}),
            ("PUT", AWAY, {"timeOff": [{"startsAt": at("11:00"), "endsAt": at("12:00")}]}),
        ),
        (("PATCH", POLICY, {"horizonDays": 1}), ("PATCH", POLICY, {"horizonDays": 700})),
        (("PATCH", SERVICE, {"resourceKinds": ["van"]}), ("POST", "/resources", {"name": "1", "kind": "van"})),
        (("PATCH", SERVICE, {"staffIds": []}), ("PATCH", SERVICE, {"staffIds": ["{staff}"]})),
    ],
    ids=["hours", "time off", "policy", "resource", "service"],
)
async def test_what_the_business_opens_is_offered_too(desk: Desk, shut: Change, opened: Change) -> None:
    await changed(desk, shut)
    token = (await wait(desk)).json()["token"]
    await desk.house.follow_up()
    assert (await place(desk, token))["offer"] is None
    await changed(desk, opened)
    await desk.house.follow_up()
    assert (await place(desk, token))["offer"]["startsAt"] == TEN


async def test_nobody_waits_for_what_can_be_booked(desk: Desk) -> None:
    answer = await wait(desk)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    await taken(desk)
    for fields, field in (
        ({"untilAt": DAYS["fromAt"]}, "untilAt"),
        ({"untilAt": at("00:00", day=366)}, "untilAt"),
        ({"email": "nobody"}, "email"),
    ):
        refused = await wait(desk, **fields)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, field)
    assert (await wait(desk, staffId=desk.customer)).status_code == 404
    assert (await wait(desk)).status_code == 201


async def test_staff_put_customers_on_the_list_and_take_them_off(desk: Desk) -> None:
    visit = await taken(desk)
    async with desk.client() as client:
        body = {"customerId": desk.customer, "serviceId": desk.service, **DAYS}
        made = await client.post("/waiting-list", json=body)
        assert made.status_code == 201, made.text
        path = f"/waiting-list/{made.json()['id']}"
        assert made.headers["Location"] == f"/api/v1{path}"
    await cancel(desk, visit)
    async with desk.client() as client:
        found = (await client.get(path)).json()
        assert (found["status"], found["offeredAt"], found["customerId"]) == ("offered", TEN, desk.customer)
        (listed,) = (await client.get("/waiting-list", params={"status": "offered"})).json()["items"]
        assert listed == found
        token = mailed_token(desk, f"grace@{desk.tenant.slug}.example.com")
        stale = await client.delete(path, headers={"If-Match": '"1"'})
        assert stale.status_code == 412
        assert (await client.delete(path)).status_code == 204
        timeline = (await client.get(f"/customers/{desk.customer}/timeline")).json()["items"]
    assert (await place(desk, token))["status"] == "left"
    assert await offered(desk) == {TEN}
    kinds = [each["kind"] for each in timeline if each["kind"].startswith("waiting")]
    assert kinds == ["waiting_list_left", "waiting_list_offered", "waiting_list_joined"]


async def test_who_has_waited_in_vain_is_told_of_by_status_and_forgotten(desk: Desk) -> None:
    visit = await taken(desk)
    token = (await wait(desk, **DAY_AFTER)).json()["token"]
    await move_clock(desk.house, "P24D")
    assert (await place(desk, token))["status"] == "expired"
    await cancel(desk, visit)
    await move_clock(desk.house, "P91D")
    async with desk.house.client() as client:
        assert (await client.get(f"/public/waiting-list/{token}")).status_code == 404


DAY_AFTER = {"untilAt": at("23:00")}


async def test_another_business_has_its_own_list(desk: Desk) -> None:
    await taken(desk)
    token = (await wait(desk)).json()["token"]
    other = await new_desk(desk.house, await new_tenant(desk.house), bookableOnline=True)
    async with other.client() as client:
        assert (await client.get("/waiting-list")).json()["items"] == []
    stranger = await post(
        other, f"{shop(other)}/bookings", {"serviceId": other.service, "startsAt": ELEVEN, **BOB, "holdToken": token}
    )
    assert stranger.status_code == 201

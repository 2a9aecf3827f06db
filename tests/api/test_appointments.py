"""Visits over HTTP: booked, moved, ended; and what is refused."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from domains.shared.clock import timestamp
from domains.shared.ids import new_id
from domains.shared.permissions import Role
from tests.support.calendars import EVERY_DAY, Desk, new_desk
from tests.support.days import DAY, TEN, at, instant, on
from tests.support.house import House
from tests.support.people import Tenant, new_person
from tests.support.stories import events_of, inspector


@pytest.fixture
async def desk(house: House, tenant: Tenant) -> Desk:
    return await new_desk(house, tenant)


async def test_a_visit_is_booked_and_read_back(desk: Desk) -> None:
    made = await desk.booked(startsAt=TEN, notes=" The key is next door. ")
    async with desk.client() as client:
        found = await client.get(f"/appointments/{made['id']}")
        listed = (await client.get("/appointments", params=DAY)).json()
    assert (found.json(), found.headers["ETag"], listed["items"]) == (made, '"1"', [made])
    assert {name: made[name] for name in ("startsAt", "endsAt", "timezone", "status", "title", "staffId", "notes")} == {
        "startsAt": at("10:00"),
        "endsAt": at("11:00"),
        "timezone": "America/New_York",
        "status": "scheduled",
        "title": "Boiler inspection",
        "staffId": desk.staff,
        "notes": "The key is next door.",
    }


async def test_the_list_is_filtered(desk: Desk) -> None:
    first, second = await desk.booked(startsAt=at("10:00")), await desk.booked(startsAt=at("13:00"))
    async with desk.client() as client:
        await client.delete(f"/appointments/{first['id']}")
        filters = [
            ({"status": "cancelled"}, [first["id"]]),
            ({"status": "scheduled"}, [second["id"]]),
            ({"staffId": desk.staff, "customerId": desk.customer}, [first["id"], second["id"]]),
            ({"staffId": str(new_id())}, []),
            ({"from": at("12:00")}, [second["id"]]),
            ({"to": at("12:00")}, [first["id"]]),
            ({"sort": "-startsAt", "limit": "1"}, [second["id"]]),
        ]
        for params, wanted in filters:
            shown = (await client.get("/appointments", params=params)).json()["items"]
            assert [each["id"] for each in shown] == wanted, params


CLOSE = [
    ("10:00", 409),
    ("10:30", 409),
    ("09:30", 409),
    ("11:00", 409),
    ("11:14", 409),
    ("11:15", 201),
    ("08:46", 409),
    ("08:45", 201),
]


@pytest.mark.parametrize(("time", "status"), CLOSE)
async def test_visits_of_one_person_do_not_meet_buffers_counted_and_may_touch(
    desk: Desk, time: str, status: int
) -> None:
    first = await desk.booked(startsAt=TEN)
    answer = await desk.book(startsAt=at(time))
    assert answer.status_code == status, answer.text
    if status == 409:
        assert (answer.json()["code"], answer.json()["conflictsWith"]) == ("slot_taken", first["id"])


async def test_a_visit_that_has_ended_frees_its_time(desk: Desk) -> None:
    for status in ("cancelled", "completed", "no_show"):
        made = await desk.booked(startsAt=TEN)
        async with desk.client() as client:
            path = f"/appointments/{made['id']}/status"
            assert (await client.patch(path, json={"status": "confirmed"})).json()["status"] == "confirmed"
            assert (await desk.book(startsAt=TEN)).status_code == 409
            ended = await client.patch(path, json={"status": status})
            assert (ended.json()["status"], ended.json()["version"]) == (status, 3)
            for other in {"scheduled", "confirmed", "cancelled", "completed", "no_show"} - {status}:
                refused = await client.patch(path, json={"status": other})
                assert (refused.status_code, refused.json()["code"]) == (422, "invalid_transition")
            moved = await client.patch(f"/appointments/{made['id']}", json={"startsAt": at("15:00")})
            assert moved.json()["code"] == "invalid_transition"
            noted = await client.patch(f"/appointments/{made['id']}", json={"notes": "Afterwards."})
            assert noted.json()["notes"] == "Afterwards."


async def test_cancelling_keeps_the_reason_and_is_done_once(desk: Desk) -> None:
    made = await desk.booked(startsAt=TEN)
    async with desk.client() as client:
        path = f"/appointments/{made['id']}"
        for _ in range(2):
            assert (await client.delete(path, params={"reason": "The customer is ill"})).status_code == 204
        found = (await client.get(path)).json()
        timeline = (await client.get(f"/customers/{desk.customer}/timeline")).json()["items"]
    assert (found["status"], found["cancelReason"], found["version"]) == ("cancelled", "The customer is ill", 2)
    assert [each["kind"] for each in timeline] == ["appointment_cancelled", "appointment_booked", "customer_created"]


async def test_a_visit_is_moved_with_its_length_and_not_onto_another(desk: Desk) -> None:
    first, second = await desk.booked(startsAt=at("10:00")), await desk.booked(startsAt=at("13:00"))
    async with desk.client() as client:
        path = f"/appointments/{first['id']}"
        refused = await client.patch(path, json={"startsAt": at("13:30")})
        assert (refused.status_code, refused.json()["conflictsWith"]) == (409, second["id"])
        over_itself = await client.patch(path, json={"startsAt": at("10:30")}, headers={"If-Match": '"1"'})
        assert (over_itself.json()["startsAt"], over_itself.json()["endsAt"]) == (at("10:30"), at("11:30"))
        assert over_itself.json()["version"] == 2
        stale = await client.patch(path, json={"startsAt": at("07:00")}, headers={"If-Match": '"1"'})
        assert stale.status_code == 412
        unchanged = await client.patch(path, json={"startsAt": at("10:30")})
        assert unchanged.json()["version"] == 2
    assert (await desk.book(startsAt=at("09:00"))).status_code == 201
    types = [event["type"] for event in await events_of(desk.house, desk.tenant)]
    assert types.count("appointment.updated") == 1


async def test_whoever_is_free_is_chosen_and_works_then(house: House, tenant: Tenant) -> None:
    desk = await new_desk(house, tenant)
    second = str((await new_person(house, tenant, Role.STAFF)).user)
    async with desk.client() as client:
        await client.patch(f"/services/{desk.service}", json={"staffIds": [desk.staff, second]})
        closed = {"exceptions": [{"date": on(0), "periods": []}]}
        assert (await client.put(f"/staff/{second}/hours", json=closed)).status_code == 200
    chosen = [(await desk.booked(startsAt=TEN, staffId=None))["staffId"] for _ in range(2)]
    assert chosen == [desk.staff, second]
    refused = await desk.book(startsAt=TEN, staffId=None)
    assert (refused.status_code, refused.json()["code"]) == (409, "slot_taken")
    async with desk.client() as client:
        other = (await client.get(f"/appointments/{refused.json()['conflictsWith']}")).json()
    assert other["staffId"] in {desk.staff, second}
    assert refused.json()["alternatives"] == [at("11:30"), at("12:00"), at("12:30")]
    assert (await desk.book(startsAt=at("11:30"), staffId=None)).status_code == 201


async def test_a_room_is_taken_beside_the_person_and_only_once(house: House, tenant: Tenant) -> None:
    desk = await new_desk(house, tenant, resourceKinds=["room"])
    second = str((await new_person(house, tenant, Role.STAFF)).user)
    nothing = await desk.book(startsAt=TEN)
    assert (nothing.status_code, nothing.json()["code"]) == (409, "slot_taken")
    async with desk.client() as client:
        room = (await client.post("/resources", json={"name": "Room 1", "kind": "room"})).json()["id"]
    made = await desk.booked(startsAt=TEN)
    assert made["resourceIds"] == [room]
    refused = await desk.book(startsAt=TEN, staffId=second)
    assert (refused.status_code, refused.json()["conflictsWith"]) == (409, made["id"])
    slots = await desk.available(**DAY, explain="true")
    assert "no_resource" not in {each["reason"] for each in slots["explanations"]}
    async with desk.client() as client:
        assert (await client.delete(f"/appointments/{made['id']}")).status_code == 204
    assert (await desk.booked(startsAt=TEN, staffId=second))["resourceIds"] == [room]
    slots = await desk.available(**DAY, explain="true")
    assert "no_resource" in {each["reason"] for each in slots["explanations"]}


async def test_where_nobody_can_be_booked_nobody_is_and_all_of_it_is_explained(desk: Desk, house: House) -> None:
    async with desk.client() as client:
        suspended = await client.post(f"/admin/users/{desk.staff}/suspend", json={"reason": "On leave"})
        assert suspended.status_code == 200, suspended.text
    refused = await desk.book(startsAt=TEN, staffId=None)
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert (await desk.book(startsAt=TEN)).status_code == 404
    found = await desk.available(**DAY, explain="true")
    assert (found["slots"], [(each["reason"], each["staffId"]) for each in found["explanations"]]) == (
        [],
        [("nobody", None)],
    )
    async with inspector(house) as admin:
        assert await admin.fetchval("select count(*) from appointments where tenant_id = $1", desk.tenant.id) == 0


async def test_a_member_carries_out_no_service(desk: Desk, house: House) -> None:
    member, staff = [str((await new_person(house, desk.tenant, role)).user) for role in (Role.MEMBER, Role.STAFF)]
    async with desk.client() as client:
        path = f"/services/{desk.service}"
        assert (await client.patch(path, json={"staffIds": [member]})).status_code == 404
        assert (await client.patch(path, json={"staffIds": [staff]})).status_code == 200
    assert (await desk.book(startsAt=TEN, staffId=member)).status_code == 404


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"startsAt": TEN, "endsAt": TEN}, "endsAt", "not_after_start"),
    ({"startsAt": TEN, "endsAt": at("09:00")}, "endsAt", "not_after_start"),
    ({"startsAt": TEN, "endsAt": at("10:00", day=2)}, "endsAt", "too_late"),
    ({"startsAt": f"{on(0)}T15:00:00"}, "startsAt", "invalid_format"),
    ({"startsAt": "9999-12-31T23:59:59Z"}, "startsAt", "out_of_range"),
    ({"startsAt": TEN, "recurrence": "FREQ=YEARLY;INTERVAL=10;COUNT=50"}, "recurrence", "out_of_range"),
    ({"startsAt": TEN, "timezone": "Mars/Olympus"}, "timezone", "unknown_timezone"),
    ({"startsAt": TEN, "serviceId": None}, "title", "required"),
    ({"startsAt": TEN, "serviceId": None, "title": "Visit"}, "endsAt", "required"),
]


@pytest.mark.parametrize(("fields", "field", "code"), BAD)
async def test_what_is_no_visit_is_refused(desk: Desk, fields: dict[str, Any], field: str, code: str) -> None:
    answer = await desk.book(**fields)
    assert answer.status_code == 400, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert answer.json()["errors"][0]["code"] == code


async def test_nothing_of_another_tenant_is_booked(desk: Desk, house: House, other_tenant: Tenant) -> None:
    theirs = await new_desk(house, other_tenant)
    for foreign in ({"customerId": theirs.customer}, {"serviceId": theirs.service}, {"staffId": theirs.staff}):
        answer = await desk.book(startsAt=TEN, **foreign)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), foreign
    assert (await theirs.book(startsAt=TEN)).status_code == 201
    assert (await desk.book(startsAt=TEN)).status_code == 201


async def test_one_key_books_once(desk: Desk) -> None:
    async with desk.client() as client:
        body = {"customerId": desk.customer, "serviceId": desk.service, "startsAt": TEN}
        answers = [await client.post("/appointments", json=body, headers={"Idempotency-Key": "once"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()


async def test_what_is_offered_can_be_booked_and_is_offered_no_more(desk: Desk) -> None:
    offered = (await desk.available(**DAY))["slots"]
    assert [each["startsAt"] for each in offered] == [
        timestamp(instant("09:00") + number * timedelta(minutes=30)) for number in range(15)
    ]
    made = await desk.booked(startsAt=offered[2]["startsAt"])
    left = await desk.available(**DAY, explain="true")
    assert [each["startsAt"] for each in left["slots"]] == [
        each["startsAt"] for each in offered if not at("08:45") < each["startsAt"] < at("11:15")
    ]
    busy = [each for each in left["explanations"] if each["reason"] == "busy"]
    assert [(each["startsAt"], each["endsAt"], each["staffId"]) for each in busy] == [
        (at("09:00"), at("11:30"), desk.staff)
    ]
    async with desk.client() as client:
        await client.delete(f"/appointments/{made['id']}")
    assert (await desk.available(**DAY))["slots"] == offered


async def test_time_off_is_not_offered_and_too_long_a_time_is_not_asked_for(desk: Desk) -> None:
    async with desk.client() as client:
        off = {"timeOff": [{"startsAt": at("00:00"), "endsAt": at("00:00", day=1)}]}
        assert (await client.put(f"/staff/{desk.staff}/time-off", json=off)).status_code == 200
        shown = await desk.available(**{"from": on(0), "to": on(1), "explain": "true"})
        params = {"serviceId": desk.service, "from": on(0), "to": on(365)}
        refused = await client.get("/appointments/availability", params=params)
    assert {each["startsAt"][:10] for each in shown["slots"]} == {on(1)}
    assert "time_off" in {each["reason"] for each in shown["explanations"]}
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "to")


async def test_an_answer_shows_so_much_and_says_where_the_rest_begins(desk: Desk, house: House) -> None:
    other = str((await new_person(house, desk.tenant, Role.STAFF)).user)
    async with desk.client() as client:
        every_hour = {"hours": {day: [{"opens": "00:00", "closes": "24:00"}] for day in EVERY_DAY}}
        for person in (desk.staff, other):
            assert (await client.put(f"/staff/{person}/hours", json=every_hour)).is_success
        assert (await client.patch("/appointments/policy", json={"stepMinutes": 5})).is_success
        both = {"staffIds": [desk.staff, other]}
        assert (await client.patch(f"/services/{desk.service}", json=both)).is_success
    await desk.booked(startsAt=TEN)
    start, found = f"{on(0)}T00:00:00Z", list[dict[str, Any]]()
    answers = 0
    while start:
        answer = await desk.available(**{"from": start, "to": timestamp(instant("00:00") + timedelta(days=20))})
        assert sum(len(slot["staffIds"]) for slot in answer["slots"]) <= 5_001
        found, start, answers = [*found, *answer["slots"]], answer["nextFrom"], answers + 1
    offered = [instant("00:00") + timedelta(minutes=5 * step) for step in range(-60, 20 * 288)]
    busy = [instant("08:45") < each < instant("11:15") for each in offered]
    assert answers == 3
    wanted = [[other] if is_busy else sorted(both["staffIds"]) for is_busy in busy]
    begins = datetime.fromisoformat(f"{on(0)}T00:00:00Z")
    pairs = [(timestamp(at), who) for at, who in zip(offered, wanted, strict=True) if at >= begins]
    assert [(slot["startsAt"], slot["staffIds"]) for slot in found] == pairs

"""Services, resources, hours and the policy of booking, over HTTP."""

from typing import Any

import httpx
import pytest

from domains.shared.ids import new_id
from domains.shared.permissions import Role
from tests.support.calendars import EVERY_DAY
from tests.support.house import House
from tests.support.people import Tenant
from tests.support.stories import events_of

BODY = {"name": " Boiler inspection ", "durationMinutes": 60, "bufferAfter": 15, "price": 9500}


async def test_a_service_is_created_changed_and_archived(house: House, tenant: Tenant) -> None:
    staff = str(tenant.people[Role.STAFF].user)
    async with house.client(tenant.owner.token) as client:
        answer = await client.post("/services", json={**BODY, "staffIds": [staff, staff]})
        assert answer.status_code == 201, answer.text
        made = answer.json()
        assert (made["name"], made["currency"], made["staffIds"]) == ("Boiler inspection", "USD", [staff])
        path = f"/services/{made['id']}"
        assert (await client.get(path)).json() == made
        changed = await client.patch(path, json={"bufferAfter": 0}, headers={"If-Match": '"1"'})
        assert (changed.json()["bufferAfter"], changed.headers["ETag"]) == (0, '"2"')
        stale = await client.patch(path, json={"bufferAfter": 5}, headers={"If-Match": '"1"'})
        assert (stale.status_code, stale.json()["code"]) == (412, "version_conflict")
        assert (await client.delete(path)).status_code == 204
        current = (await client.get("/services")).json()["items"]
        archived = (await client.get("/services", params={"archived": "true"})).json()["items"]
    assert (current, [each["id"] for each in archived]) == ([], [made["id"]])
    told = [event for event in await events_of(house, tenant) if event["type"] == "service.updated"]
    assert [event["subject_version"] for event in told] == [1, 2, 3]


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"durationMinutes": 0}, "durationMinutes", "too_small"),
    ({"durationMinutes": 1441}, "durationMinutes", "too_large"),
    ({"bufferBefore": -1}, "bufferBefore", "too_small"),
    ({"price": -1}, "price", "too_small"),
    ({"currency": "XXZ"}, "currency", "unknown_currency"),
    ({"name": "   "}, "name", "too_short"),
    ({"resourceKinds": ["Room 2"]}, "resourceKinds[0]", "invalid_format"),
]


@pytest.mark.parametrize(("fields", "field", "code"), REFUSED)
async def test_what_is_no_service_is_refused(
    house: House, tenant: Tenant, fields: dict[str, Any], field: str, code: str
) -> None:
    async with house.client(tenant.owner.token) as client:
        answer = await client.post("/services", json={**BODY, **fields})
    assert answer.status_code == 400, answer.text
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]


async def test_nobody_of_another_tenant_carries_a_service_out(
    house: House, tenant: Tenant, other_tenant: Tenant
) -> None:
    async with house.client(tenant.owner.token) as client:
        for nobody in (str(other_tenant.owner.user), str(new_id())):
            answer = await client.post("/services", json={**BODY, "staffIds": [nobody]})
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_resources_are_kept_by_name(house: House, tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client:
        made = httpx.Response(500)
        for name in ("Room 1", "Room 2", "Van"):
            made = await client.post("/resources", json={"name": name, "kind": "room"})
            assert made.status_code == 201, made.text
        first = (await client.get("/resources", params={"limit": 2})).json()
        assert [each["name"] for each in first["items"]] == ["Room 1", "Room 2"]
        rest = (await client.get("/resources", params={"limit": 2, "cursor": first["nextCursor"]})).json()
        assert [each["name"] for each in rest["items"]] == ["Van"]
        path = f"/resources/{made.json()['id']}"
        assert (await client.patch(path, json={"kind": "van"})).json()["version"] == 2
        assert (await client.delete(path)).status_code == 204
        assert (await client.get(path)).json()["archivedAt"] is not None


async def test_hours_and_time_off_are_set_whole(house: House, tenant: Tenant) -> None:
    path = f"/staff/{tenant.people[Role.STAFF].user}"
    away = {"startsAt": "2026-12-24T00:00:00Z", "endsAt": "2026-12-27T00:00:00Z", "reason": "Holiday"}
    async with house.client(tenant.owner.token) as client:
        usual = await client.get(f"{path}/hours")
        assert (usual.json()["hours"], usual.headers["ETag"]) == (None, '"1"')
        exceptions = [{"date": "2026-12-31", "periods": [{"opens": "09:00", "closes": "12:00"}]}]
        order = {"hours": EVERY_DAY, "exceptions": exceptions}
        answer = await client.put(f"{path}/hours", json=order, headers={"If-Match": '"1"'})
        assert (answer.status_code, answer.json()["version"]) == (200, 2), answer.text
        assert (await client.put(f"{path}/hours", json=order)).json()["version"] == 2
        set_off = await client.put(f"{path}/time-off", json={"timeOff": [away]})
        assert (set_off.status_code, set_off.json()["version"]) == (200, 3), set_off.text
        hours, off = (await client.get(f"{path}/hours")).json(), (await client.get(f"{path}/time-off")).json()
    assert (hours["hours"], hours["exceptions"]) == (EVERY_DAY, exceptions)
    assert [each["reason"] for each in off["timeOff"]] == ["Holiday"]
    assert off["timeOff"][0]["startsAt"] == "2026-12-24T00:00:00.000Z"


BAD_HOURS: list[tuple[dict[str, Any], str, str]] = [
    (
        {"hours": {"monday": [{"opens": "09:00", "closes": "12:00"}, {"opens": "11:00", "closes": "13:00"}]}},
        "hours.monday",
        "overlapping",
    ),
    (
        {"exceptions": [{"date": "2026-12-31", "periods": [{"opens": "09:00", "closes": "09:00"}]}]},
        "exceptions[0].periods[0].closes",
        "not_after_opens",
    ),
    ({"exceptions": [{"date": "2026-12-31"}, {"date": "2026-12-31"}]}, "exceptions[1].date", "repeated"),
]


@pytest.mark.parametrize(("order", "field", "code"), BAD_HOURS)
async def test_hours_that_cannot_be_are_refused(
    house: House, tenant: Tenant, order: dict[str, Any], field: str, code: str
) -> None:
    async with house.client(tenant.owner.token) as client:
        answer = await client.put(f"/staff/{tenant.owner.user}/hours", json=order)
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]


@pytest.mark.parametrize(
    ("starts", "ends", "field"),
    [
        ("2026-12-24T00:00:00Z", "2026-12-24T00:00:00Z", "timeOff[0].endsAt"),
        ("0001-01-01T00:00:00Z", "2026-12-24T00:00:00Z", "timeOff[0].startsAt"),
        ("2026-12-24T00:00:00Z", "9999-12-31T23:59:59Z", "timeOff[0].endsAt"),
    ],
)
async def test_time_off_that_cannot_be_is_refused(
    house: House, tenant: Tenant, starts: str, ends: str, field: str
) -> None:
    async with house.client(tenant.owner.token) as client:
        path = f"/staff/{tenant.owner.user}/time-off"
        answer = await client.put(path, json={"timeOff": [{"startsAt": starts, "endsAt": ends}]})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)


async def test_the_policy_is_the_usual_one_until_it_is_changed(house: House, tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client:
        usual = (await client.get("/appointments/policy")).json()
        order = {"noticeMinutes": 60, "reminderMinutes": [60, 1440, 60]}
        changed = (await client.patch("/appointments/policy", json=order, headers={"If-Match": '"1"'})).json()
        shown = (await client.get("/appointments/policy")).json()
    assert (usual["noticeMinutes"], usual["reminderMinutes"], usual["version"]) == (120, [1440], 1)
    assert changed == shown == {**usual, "noticeMinutes": 60, "reminderMinutes": [1440, 60], "version": 2}


async def test_staff_read_the_catalogue_and_admins_keep_it(house: House, tenant: Tenant) -> None:
    for role, status in ((Role.ADMIN, 201), (Role.STAFF, 403)):
        async with house.client(tenant.people[role].token) as client:
            assert (await client.post("/services", json=BODY)).status_code == status
            assert (await client.get("/services")).status_code == 200

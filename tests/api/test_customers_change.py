"""Changing a customer over HTTP: what is absent, what is null, and who comes first."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from tests.support.house import House
from tests.support.people import Tenant
from tests.support.stories import events_of

FULL: dict[str, Any] = {
    "name": "Grace Hopper",
    "company": "Navy",
    "emails": ["grace@example.com"],
    "phones": ["+12125550101"],
    "addresses": [{"street": "1 Main St", "city": "Rome", "state": None, "zipCode": "00100", "country": "IT"}],
    "tags": ["vip"],
    "notes": "Nanoseconds",
    "preferredLanguage": "en",
    "source": "web",
    "custom": {"gate": 1},
}
OTHER: dict[str, Any] = {
    "name": "Ada Lovelace",
    "company": "Engines",
    "emails": ["ada@example.com", "a@example.com"],
    "phones": ["+12125550199"],
    "addresses": [{"street": None, "city": "London", "state": None, "zipCode": None, "country": "GB"}],
    "tags": ["new", "old"],
    "notes": "Notes",
    "preferredLanguage": "pt-BR",
    "source": "phone",
    "custom": {"gate": True},
}
EMPTY: dict[str, Any] = {"emails": [], "phones": [], "addresses": [], "tags": [], "custom": {}}
CHANGING = {"version", "updatedAt"}


async def made(house: House, tenant: Tenant, **fields: Any) -> dict[str, Any]:
    async with house.client(tenant.owner.token) as client:
        answer = await client.post("/customers", json={**FULL, **fields})
    assert answer.status_code == 201, answer.text
    customer: dict[str, Any] = answer.json()
    return customer


def steady(customer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in customer.items() if name not in CHANGING}


@pytest.mark.parametrize("field", sorted(FULL))
async def test_a_field_is_set_cleared_and_left_alone(house: House, tenant: Tenant, field: str) -> None:
    customer = await made(house, tenant)
    path = f"/customers/{customer['id']}"
    async with house.client(tenant.owner.token) as client:
        changed = await client.patch(path, json={field: OTHER[field]})
        cleared = await client.patch(path, json={field: None})
        found = await client.get(path)
    assert steady(changed.json()) == {**steady(customer), field: OTHER[field]}
    assert steady(cleared.json()) == {**steady(customer), field: EMPTY.get(field)}
    assert [answer.headers["ETag"] for answer in (changed, cleared, found)] == ['"2"', '"3"', '"3"']
    assert found.json() == cleared.json()


async def test_nothing_to_change_leaves_the_version(house: House, tenant: Tenant) -> None:
    customer = await made(house, tenant)
    same = {**FULL, "name": " Grace Hopper ", "emails": ["GRACE@example.com"], "phones": ["+1 (212) 555-0101"]}
    async with house.client(tenant.owner.token) as client:
        for body in ({}, FULL, same):
            answer = await client.patch(f"/customers/{customer['id']}", json=body)
            assert (answer.status_code, answer.json(), answer.headers["ETag"]) == (200, customer, '"1"')


@pytest.mark.parametrize(
    "field", ["id", "version", "createdAt", "archivedAt", "tenantId", "nickname", "Name", "zip_code"]
)
async def test_an_unknown_field_is_refused_by_name(house: House, tenant: Tenant, field: str) -> None:
    customer = await made(house, tenant)
    async with house.client(tenant.owner.token) as client:
        answer = await client.patch(f"/customers/{customer['id']}", json={field: "x", "notes": "changed"})
        found = await client.get(f"/customers/{customer['id']}")
    assert answer.status_code == 400
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, "unknown_field")]
    assert found.json() == customer


async def test_a_customer_keeps_a_name_or_a_company(house: House, tenant: Tenant) -> None:
    customer = await made(house, tenant)
    path = f"/customers/{customer['id']}"
    async with house.client(tenant.owner.token) as client:
        refused = await client.patch(path, json={"name": None, "company": " "})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "name")
        assert (await client.get(path)).json() == customer
        allowed = await client.patch(path, json={"name": None})
        assert (allowed.status_code, allowed.json()["name"]) == (200, None)


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
@pytest.mark.parametrize(
    ("if_match", "status"),
    [
        (None, None),
        ('"2"', None),
        ("*", None),
        ('"1", "2"', None),
        ('W/"2", "2"', None),
        ('"1"', 412),
        ('"3"', 412),
        ('W/"2"', 412),
        ('"02"', 412),
        ('"two"', 412),
        ('"99999999999999999999"', 412),
        ('"1", "3"', 412),
        ("2", 400),
        ('"2', 400),
        ("", 400),
        ('*, "2"', 400),
    ],
)
async def test_if_match(house: House, tenant: Tenant, method: str, if_match: str | None, status: int | None) -> None:
    customer = await made(house, tenant)
    path = f"/customers/{customer['id']}"
    body = {"source": "phone"} if method == "PATCH" else None
    headers = {} if if_match is None else {"If-Match": if_match}
    async with house.client(tenant.owner.token) as client:
        before = (await client.patch(path, json={"notes": "second version"})).json()
        answer = await client.request(method, path, json=body, headers=headers)
        found = (await client.get(path)).json()
    if status is None:
        assert answer.status_code in {200, 204}
        assert found["version"] == 3
    else:
        assert (answer.status_code, found) == (status, before)
        assert answer.json()["code"] == ("version_conflict" if status == 412 else "validation_error")


async def test_of_many_changes_to_one_version_exactly_one_wins(house: House, tenant: Tenant) -> None:
    customer = await made(house, tenant)
    path = f"/customers/{customer['id']}"
    async with house.client(tenant.owner.token) as client:
        calls = (client.patch(path, json={"notes": f"by {each}"}, headers={"If-Match": '"1"'}) for each in range(20))
        answers = await asyncio.gather(*calls)
        found = (await client.get(path)).json()
    counted = Counter(answer.status_code for answer in answers)
    assert counted[200] == 1, counted
    assert counted[200] + counted[412] + counted[503] == 20, counted
    assert counted[412] > 0
    winner = next(answer.json() for answer in answers if answer.status_code == 200)
    assert found == winner
    assert [event["type"] for event in await events_of(house, tenant)] == ["customer.created", "customer.updated"]


async def test_changes_of_different_fields_do_not_lose_each_other(house: House, tenant: Tenant) -> None:
    customer = await made(house, tenant)
    path = f"/customers/{customer['id']}"
    fields = ["name", "company", "notes", "source"]
    async with house.client(tenant.owner.token) as client:
        answers = await asyncio.gather(*(client.patch(path, json={field: OTHER[field]}) for field in fields))
        found = (await client.get(path)).json()
    assert [answer.status_code for answer in answers] == [200] * 4
    assert sorted(answer.json()["version"] for answer in answers) == [2, 3, 4, 5]
    assert {field: found[field] for field in fields} == {field: OTHER[field] for field in fields}


async def test_custom_keys_that_are_not_named_stay(house: House, tenant: Tenant) -> None:
    customer = await made(house, tenant, custom={"gate": 1, "dog": True})
    path = f"/customers/{customer['id']}"
    async with house.client(tenant.owner.token) as client:
        added = await client.patch(path, json={"custom": {"floor": 3}})
        taken = await client.patch(path, json={"custom": {"gate": None, "none": None}})
        same = await client.patch(path, json={"custom": {}})
        full = await client.patch(path, json={"custom": {f"k{at}": at for at in range(49)}})
    assert added.json()["custom"] == {"gate": 1, "dog": True, "floor": 3}
    assert (taken.json()["custom"], same.json()) == ({"dog": True, "floor": 3}, taken.json())
    assert (full.status_code, [(each["field"], each["code"]) for each in full.json()["errors"]]) == (
        400, [("custom", "too_many")],
    )  # fmt: skip


async def test_an_archived_customer_can_still_be_put_right(house: House, tenant: Tenant) -> None:
    customer = await made(house, tenant)
    async with house.client(tenant.owner.token) as client:
        await client.delete(f"/customers/{customer['id']}")
        answer = await client.patch(f"/customers/{customer['id']}", json={"notes": "moved away"})
    assert (answer.status_code, answer.json()["notes"]) == (200, "moved away")
    assert answer.json()["archivedAt"]

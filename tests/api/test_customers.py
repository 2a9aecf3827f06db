"""A customer over HTTP: made, shown, archived; and what is refused."""

from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest
from polyfactory.factories.msgspec_factory import MsgspecFactory

from domains.customers import CreateCustomer
from domains.shared.ids import new_id
from domains.shared.permissions import Role
from domains.shared.postal import PostalAddress
from tests.support.house import House
from tests.support.people import Tenant
from tests.support.stories import events_of


class Orders(MsgspecFactory[CreateCustomer]):
    """Orders of all sorts that the wire allows."""

    __random_seed__ = 1906

    name = "Grace Hopper"
    emails = ("grace@example.com",)
    phones = ("+12125550101",)
    preferred_language = "pt-BR"
    addresses = (PostalAddress(street="1 Main St", country="IT"),)


async def test_a_customer_is_created_and_read_back(house: House, tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client:
        answer = await client.post("/customers", json={"name": "Grace Hopper", "emails": ["Grace@Example.com"]})
        assert answer.status_code == 201, answer.text
        made = answer.json()
        found = await client.get(f"/customers/{made['id']}")
    assert answer.headers["Location"] == f"/api/v1/customers/{made['id']}"
    assert (answer.headers["ETag"], found.headers["ETag"]) == ('"1"', '"1"')
    assert found.json() == made
    assert made == {
        "id": made["id"],
        "name": "Grace Hopper",
        "company": None,
        "emails": ["grace@example.com"],
        "phones": [],
        "addresses": [],
        "tags": [],
        "notes": None,
        "preferredLanguage": None,
        "source": None,
        "custom": {},
        "archivedAt": None,
        "mergedInto": None,
        "version": 1,
        "createdAt": made["createdAt"],
        "updatedAt": made["createdAt"],
    }


async def test_whatever_is_created_is_read_back_as_it_was_answered(house: House, tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client:
        for _ in range(10):
            body = msgspec.json.encode(Orders.build())
            answer = await client.post("/customers", content=body, headers={"Content-Type": "application/json"})
            assert answer.status_code == 201, answer.text
            assert (await client.get(answer.headers["Location"].removeprefix("/api/v1"))).json() == answer.json()


CUSTOM = {
    "text": "1234",
    "whole": 9_007_199_254_740_993,
    "negative": -(2**63),
    "fraction": 0.1,
    "tiny": 1e-7,
    "yes": True,
    "no": False,
    "empty": "",
}


async def test_custom_values_keep_their_kinds(house: House, tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client:
        made = (await client.post("/customers", json={"name": "Grace", "custom": CUSTOM})).json()
        found = (await client.get(f"/customers/{made['id']}")).json()["custom"]
    assert found == made["custom"] == CUSTOM
    assert {name: type(value) for name, value in found.items()} == {name: type(each) for name, each in CUSTOM.items()}


TOO_LONG: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"name": "x" * 201}, {"name": "too_long"}),
    ({"name": ""}, {"name": "too_short"}),
    ({"name": "Grace\nBcc: all@example.com"}, {"name": "invalid_format"}),
    ({"notes": "x" * 10_001}, {"notes": "too_long"}),
    ({"notes": "bell \x07"}, {"notes": "invalid_format"}),
    ({"name": "\u200b\u2060\ufe0f"}, {"name": "required"}),
    ({"source": "x" * 101}, {"source": "too_long"}),
    ({"tags": ["x" * 51]}, {"tags[0]": "too_long"}),
    ({"tags": [str(number) for number in range(51)]}, {"tags": "too_long"}),
    ({"emails": [f"a{number}@example.com" for number in range(21)]}, {"emails": "too_long"}),
    ({"phones": ["+12125550101"] * 21}, {"phones": "too_long"}),
    ({"addresses": [{}] * 11}, {"addresses": "too_long"}),
    ({"custom": {"x" * 51: 1}}, {"custom." + "x" * 51: "too_long"}),
    ({"custom": {"1st": 1}}, {"custom.1st": "invalid_format"}),
    ({"custom": {"a": "\x07"}}, {"custom.a": "invalid_format"}),
    ({"custom": {f"k{number}": 1 for number in range(51)}}, {"custom": "too_long"}),
    ({"custom": {"a": "x" * 1001}}, {"custom.a": "too_long"}),
    ({"custom": {"a": {"b": 1}}}, {"custom.a": "invalid_type"}),
    ({"custom": {"a": [1]}}, {"custom.a": "invalid_type"}),
    ({"preferredLanguage": "english"}, {"preferredLanguage": "invalid_format"}),
    ({"addresses": [{"country": "USA"}]}, {"addresses[0].country": "too_long"}),
    ({"addresses": [{"country": "ZZ"}]}, {"addresses[0].country": "unknown_country"}),
    ({"phones": ["📞📞📞📞"]}, {"phones[0]": "invalid_phone"}),
    ({"phones": ["call +12125550101"]}, {"phones[0]": "invalid_phone"}),
    ({"addresses": [{"country": "us"}]}, {"addresses[0].country": "invalid_format"}),
    ({"addresses": [{"city": "Rome", "planet": "Earth"}]}, {"addresses[0].planet": "unknown_field"}),
    ({"emails": "grace@example.com"}, {"emails": "invalid_type"}),
    ({"emails": [None]}, {"emails[0]": "invalid_type"}),
    ({"name": 7}, {"name": "invalid_type"}),
]


@pytest.mark.parametrize(("fields", "faults"), TOO_LONG, ids=[str(index) for index in range(len(TOO_LONG))])
async def test_what_is_out_of_bounds_is_named(
    house: House, tenant: Tenant, fields: dict[str, Any], faults: dict[str, str]
) -> None:
    async with house.client(tenant.owner.token) as client:
        answer = await client.post("/customers", json={"name": "Grace", **fields})
    assert (answer.status_code, answer.json()["code"]) == (400, "validation_error"), answer.text
    assert {error["field"]: error["code"] for error in answer.json()["errors"]} == faults


async def test_what_is_just_within_bounds_is_taken(house: House, tenant: Tenant) -> None:
    body = {
        "name": "𝔊" * 200,
        "notes": "x" * 10_000,
        "tags": [str(number).ljust(50, "x") for number in range(50)],
        "emails": [f"a{number}@example.com" for number in range(20)],
        "addresses": [{"street": "s" * 200, "city": str(number), "country": "US"} for number in range(10)],
        "custom": {f"k{number}".ljust(50, "x"): "x" * 1000 for number in range(50)},
    }
    async with house.client(tenant.owner.token) as client:
        answer = await client.post("/customers", json=body)
        assert answer.status_code == 201, answer.text
    assert {name: answer.json()[name] for name in body if name != "addresses"} == {
        name: value for name, value in body.items() if name != "addresses"
    }


async def test_all_bad_fields_are_named_at_once(house: House, tenant: Tenant) -> None:
    body = {"name": 1, "emails": ["a@example.com", 2], "custom": {"a": []}, "nickname": "G", "addresses": [{"city": 3}]}
    async with house.client(tenant.owner.token) as client:
        answer = await client.post("/customers", json=body)
    named = {error["field"] for error in answer.json()["errors"]}
    assert named == {"name", "emails[1]", "custom.a", "nickname", "addresses[0].city"}


async def test_the_business_rules_name_their_fields_too(house: House, tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client:
        nameless = await client.post("/customers", json={"notes": "x"})
        bad = await client.post("/customers", json={"name": "G", "emails": ["a@x.com", "nobody"], "phones": ["0000"]})
    assert [(error["field"], error["code"]) for error in nameless.json()["errors"]] == [("name", "required")]
    assert [error["field"] for error in bad.json()["errors"]] == ["emails[1]", "phones[0]"]
    assert nameless.status_code == bad.status_code == 400


async def test_archiving_hides_from_the_list_and_stays_readable(house: House, tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client:
        made = (await client.post("/customers", json={"name": "Grace"})).json()
        gone = await client.delete(f"/customers/{made['id']}")
        again = await client.delete(f"/customers/{made['id']}")
        found = await client.get(f"/customers/{made['id']}")
        current = (await client.get("/customers")).json()["items"]
        archived = (await client.get("/customers", params={"archived": "true"})).json()["items"]
    assert (gone.status_code, gone.content, again.status_code) == (204, b"", 204)
    assert found.json()["archivedAt"] == found.json()["updatedAt"] > made["createdAt"]
    assert (found.json()["version"], found.headers["ETag"]) == (2, '"2"')
    assert (current, archived) == ([], [found.json()])


async def test_each_change_leaves_one_event_and_a_no_op_none(house: House, tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client:
        made = (await client.post("/customers", json={"name": "Grace"}, headers={"X-Request-Id": "request-1"})).json()
        path = f"/customers/{made['id']}"
        await client.patch(path, json={"notes": "private words", "tags": ["vip"]})
        await client.patch(path, json={"notes": "private words"})
        await client.patch(path, json={})
        await client.patch(path, json={"notes": "never"}, headers={"If-Match": '"1"'})
        await client.delete(path)
        await client.delete(path)
    events = await events_of(house, tenant)
    assert [(event["type"], event["subject_version"], event["data"]) for event in events] == [
        ("customer.created", 1, "{}"),
        ("customer.updated", 2, '{"fields": ["tags", "notes"]}'),
        ("customer.archived", 3, "{}"),
    ]
    assert {(event["subject_id"], event["actor_id"]) for event in events} == {(UUID(made["id"]), tenant.owner.user)}
    assert events[0]["correlation_id"] == "request-1"


CALLS: list[tuple[str, str, dict[str, Any] | None, int]] = [
    ("POST", "/customers", {"name": "Ada"}, 201),
    ("GET", "/customers", None, 200),
    ("GET", "/customers/{id}", None, 200),
    ("PATCH", "/customers/{id}", {"notes": "x"}, 200),
    ("DELETE", "/customers/{id}", None, 204),
]


@pytest.mark.parametrize("role", [Role.OWNER, Role.ADMIN, Role.STAFF])
async def test_staff_and_those_above_work_with_customers(house: House, tenant: Tenant, role: Role) -> None:
    customer = await a_customer(house, tenant)
    async with house.client(tenant.people[role].token) as client:
        for method, path, body, status in CALLS:
            answer = await client.request(method, path.format(id=customer), json=body)
            assert answer.status_code == status, answer.text


async def test_a_member_sees_and_changes_nothing(house: House, tenant: Tenant) -> None:
    customer = await a_customer(house, tenant)
    before = await events_of(house, tenant)
    async with house.client(tenant.people[Role.MEMBER].token) as client:
        for method, path, body, _ in CALLS:
            answer = await client.request(method, path.format(id=customer), json=body)
            assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), answer.text
            unknown = await client.request(method, path.format(id=new_id()), json=body)
            assert unknown.status_code == 403
    assert await events_of(house, tenant) == before


async def test_nobody_gets_in_without_a_token(house: House, tenant: Tenant) -> None:
    customer = await a_customer(house, tenant)
    async with house.client() as client:
        for method, path, body, _ in CALLS:
            answer = await client.request(method, path.format(id=customer), json=body)
            assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated"), answer.text
            assert answer.headers["WWW-Authenticate"] == "Bearer"


async def a_customer(house: House, tenant: Tenant) -> str:
    async with house.client(tenant.owner.token) as client:
        answer: httpx.Response = await client.post("/customers", json={"name": "Grace"})
    return str(answer.json()["id"])

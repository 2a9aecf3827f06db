"""Merging customers: one stands for the other, all that concerned both is shown together, and it can all be undone."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.support.databases import rows
from tests.support.house import House
from tests.support.people import Tenant

AWAY = {
    "name": "Ada Byron",
    "company": "Engines",
    "emails": ["ada@old.test", "shared@example.com"],
    "phones": ["+15551234567"],
    "addresses": [{"city": "Paris"}],
    "tags": ["vip", "old"],
    "preferredLanguage": "fr",
    "custom": {"gate": "1", "dog": True},
}
STAYS = {"name": "Ada Lovelace", "emails": ["shared@example.com"], "tags": ["new"], "custom": {"gate": "2"}}
TOGETHER = {
    "name": "Ada Lovelace",
    "company": "Engines",
    "emails": ["shared@example.com", "ada@old.test"],
    "phones": ["+15551234567"],
    "tags": ["new", "vip", "old"],
    "preferredLanguage": "fr",
    "custom": {"gate": "2", "dog": True},
    "mergedInto": None,
}
_CHANGING = {"version", "updatedAt"}


@pytest.fixture
async def client(house: House, tenant: Tenant) -> AsyncIterator[httpx.AsyncClient]:
    async with house.client(tenant.owner.token) as client:
        yield client


async def make(client: httpx.AsyncClient, **fields: Any) -> str:
    answer = await client.post("/customers", json=fields)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def merge(client: httpx.AsyncClient, one: str, into: str) -> httpx.Response:
    return await client.post(f"/customers/{one}/merge", json={"into": into})


async def merged(client: httpx.AsyncClient, one: str, into: str) -> dict[str, Any]:
    answer = await merge(client, one, into)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def shown(client: httpx.AsyncClient, customer: str) -> dict[str, Any]:
    found = (await client.get(f"/customers/{customer}")).json()
    return {name: value for name, value in found.items() if name not in _CHANGING}


async def unmerged(client: httpx.AsyncClient, customer: str) -> None:
    answer = await client.post(f"/customers/{customer}/unmerge")
    assert answer.status_code == 200, answer.text
    assert answer.json()["mergedInto"] is None


async def listed(client: httpx.AsyncClient, **params: Any) -> list[str]:
    return [item["id"] for item in (await client.get("/customers", params=params)).json()["items"]]


async def test_one_stands_for_both_and_both_are_as_before_when_it_is_undone(client: httpx.AsyncClient) -> None:
    away, stays = await make(client, **AWAY), await make(client, **STAYS)
    before = [await shown(client, each) for each in (away, stays)]
    survivor = await merged(client, away, stays)
    assert {name: survivor[name] for name in TOGETHER} == TOGETHER
    assert await shown(client, away) == {**before[0], "mergedInto": stays}
    assert await listed(client) == [stays]
    assert await listed(client, search="byron") == [stays]
    assert await listed(client, archived=True) == []
    await unmerged(client, away)
    assert [await shown(client, each) for each in (away, stays)] == before
    assert sorted(await listed(client)) == sorted((away, stays))
    assert await listed(client, search="byron") == [away]


async def test_what_was_changed_since_is_kept_when_it_is_undone(client: httpx.AsyncClient) -> None:
    away, stays = await make(client, **AWAY), await make(client, **STAYS)
    await merged(client, away, stays)
    await client.patch(f"/customers/{stays}", json={"company": "Looms", "tags": ["vip", "mine"], "emails": []})
    await unmerged(client, away)
    after = await shown(client, stays)
    assert (after["company"], after["tags"], after["emails"]) == ("Looms", ["mine"], [])


async def test_what_another_merged_customer_has_too_stays(client: httpx.AsyncClient) -> None:
    one, two, stays = await make(client, **AWAY), await make(client, **AWAY), await make(client, name="Ada")
    await merged(client, one, stays)
    together = await merged(client, two, stays)
    await unmerged(client, one)
    left = await shown(client, stays)
    assert all(left[name] == together[name] for name in left)
    await unmerged(client, two)
    assert (await shown(client, stays))["phones"] == []


async def test_the_timeline_has_what_concerned_either_and_parts_again(client: httpx.AsyncClient) -> None:
    away, stays = await make(client, **AWAY), await make(client, **STAYS)
    for customer, text in ((away, "before"), (stays, "mine")):
        await client.post(f"/customers/{customer}/notes", json={"text": text})

    async def told(customer: str) -> list[tuple[str, str | None]]:
        page = (await client.get(f"/customers/{customer}/timeline")).json()["items"]
        return [(item["kind"], item["text"]) for item in page]

    own = await told(away)
    await merged(client, away, stays)
    assert await told(stays) == [
        ("customer_updated", None),
        ("customer_merged", None),
        ("note_added", "mine"),
        ("note_added", "before"),
        ("customer_created", None),
        ("customer_created", None),
    ]
    await unmerged(client, away)
    assert await told(away) == own
    assert ("note_added", "before") not in await told(stays)


async def test_a_chain_is_one_customer_and_parts_from_its_end(client: httpx.AsyncClient) -> None:
    first, second, third = [await make(client, name=name) for name in ("Anna", "Berta", "Clara")]
    await merged(client, first, second)
    await merged(client, second, third)
    assert await listed(client, search="anna") == [third]
    timeline = (await client.get(f"/customers/{third}/timeline")).json()["items"]
    assert [item["kind"] for item in timeline].count("customer_created") == 3
    refused = await client.post(f"/customers/{first}/unmerge")
    assert (refused.status_code, refused.json()["code"]) == (409, "customer_merged")
    await unmerged(client, second)
    await unmerged(client, first)
    assert len(await listed(client)) == 3


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "", {"name": "Another"}),
        ("DELETE", "", None),
        ("DELETE", "?permanently=true", None),
        ("POST", "/notes", {"text": "hello"}),
        ("POST", "/restore", None),
        ("POST", "/erase", None),
        ("POST", "/merge", {"into": "other"}),
    ],
)
async def test_who_was_merged_cannot_be_changed(
    client: httpx.AsyncClient, method: str, path: str, body: dict[str, str] | None
) -> None:
    away, stays, other = await make(client, **AWAY), await make(client, **STAYS), await make(client, name="Other")
    await merged(client, away, stays)
    given = {name: other if value == "other" else value for name, value in (body or {}).items()}
    refused = await client.request(method, f"/customers/{away}{path}", json=given or None)
    assert (refused.status_code, refused.json()["code"]) == (409, "customer_merged")
    assert refused.json()["errors"][0]["message"] == stays
    assert (await merge(client, other, away)).json()["code"] == "customer_merged"


async def test_nobody_is_merged_into_themselves_or_into_nobody(
    client: httpx.AsyncClient, house: House, other_tenant: Tenant
) -> None:
    customer = await make(client, name="Ada")
    assert (await merge(client, customer, customer)).json()["errors"][0]["field"] == "into"
    async with house.client(other_tenant.owner.token) as others:
        foreign = await make(others, name="Foreign")
    assert (await merge(client, customer, foreign)).status_code == 404
    assert (await client.post(f"/customers/{customer}/unmerge")).json()["code"] == "conflict"


async def test_nobody_current_vanishes_behind_somebody_archived(client: httpx.AsyncClient) -> None:
    current, archived, other = [await make(client, name=name) for name in ("Current", "Archived", "Archived too")]
    for customer in (archived, other):
        await client.delete(f"/customers/{customer}")
    refused = await merge(client, current, archived)
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert await listed(client) == [current]
    await merged(client, other, archived)
    await merged(client, archived, current)


async def test_of_mergers_at_once_all_are_trees(client: httpx.AsyncClient, house: House, tenant: Tenant) -> None:
    ids = [await make(client, name=f"Ada {at}") for at in range(4)]
    pairs = [(one, other) for one in ids for other in ids if one != other]
    answers = await asyncio.gather(*(merge(client, one, into) for one, into in pairs))
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert sum(answer.status_code == 200 for answer in answers) == 3
    assert len(await listed(client)) == 1
    statement = "select count(*) from customer_mergers where tenant_id = $1"
    assert (await rows(house.database.admin, statement, tenant.id))[0][0] == 3


async def test_after_thirty_days_it_stays(client: httpx.AsyncClient, house: House, tenant: Tenant) -> None:
    away, stays = await make(client, **AWAY), await make(client, **STAYS)
    await merged(client, away, stays)
    earlier = "update customer_mergers set merged_at = merged_at - $2::interval where tenant_id = $1"
    await rows(house.database.admin, earlier, tenant.id, timedelta(days=30, seconds=60))
    refused = await client.post(f"/customers/{away}/unmerge")
    assert (refused.status_code, refused.json()["code"]) == (422, "deadline_passed")


async def test_a_version_is_asked_for_and_a_key_repeats_the_answer(client: httpx.AsyncClient) -> None:
    away, stays = await make(client, **AWAY), await make(client, **STAYS)
    path, body = f"/customers/{away}/merge", {"into": stays}
    stale = await client.post(path, json=body, headers={"If-Match": '"7"'})
    assert stale.json()["code"] == "version_conflict"
    answers = [await client.post(path, json=body, headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert answers[1].headers["Idempotency-Replayed"] == "true"


async def test_whoever_has_the_same_number_or_address_may_be_the_same(
    client: httpx.AsyncClient, house: House, other_tenant: Tenant
) -> None:
    away, stays, other = await make(client, **AWAY), await make(client, **STAYS), await make(client, name="Other")
    async with house.client(other_tenant.owner.token) as others:
        await make(others, **AWAY)
        assert (await others.get(f"/customers/{away}/duplicates")).status_code == 404

    async def same(customer: str) -> list[str]:
        return [item["id"] for item in (await client.get(f"/customers/{customer}/duplicates")).json()["items"]]

    assert [await same(each) for each in (away, stays, other)] == [[stays], [away], []]
    await merged(client, away, other)
    assert (await same(stays), await same(other)) == ([other], [stays])


async def test_tags_are_listed_with_who_has_them(client: httpx.AsyncClient) -> None:
    for fields in (AWAY, STAYS, {"name": "Here", "tags": ["vip"]}):
        await make(client, **fields)
    gone = await make(client, name="Gone", tags=["vip"])
    await client.delete(f"/customers/{gone}")
    tags = (await client.get("/customers/tags")).json()["items"]
    assert [(item["tag"], item["customers"]) for item in tags] == [("vip", 2), ("new", 1), ("old", 1)]

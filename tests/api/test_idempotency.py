"""A POST that is sent again takes effect once."""

import asyncio
from collections.abc import Mapping

import httpx

from domains.shared.permissions import Role
from tests.support.databases import rows
from tests.support.house import House
from tests.support.people import Person, Tenant

GRACE = {"name": "Grace Hopper", "custom": {"gate": 7}, "addresses": [{"zipCode": "10001"}]}


async def post(house: House, person: Person, key: str, body: Mapping[str, object]) -> httpx.Response:
    async with house.client(person.token) as client:
        return await client.post("/customers", json=body, headers={"Idempotency-Key": key})


async def customers_of(house: House, tenant: Tenant) -> int:
    found = await rows(house.database.admin, "select count(*) as n from customers where tenant_id = $1", tenant.id)
    return int(found[0]["n"])


async def test_the_same_request_gets_the_first_answer_again(house: House, tenant: Tenant) -> None:
    first = await post(house, tenant.owner, "key-1", GRACE)
    again = await post(house, tenant.owner, "key-1", GRACE)
    assert first.status_code == again.status_code == 201
    assert again.json() == first.json()
    assert [again.headers[name] for name in ("ETag", "Location")] == [
        first.headers[name] for name in ("ETag", "Location")
    ]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert await customers_of(house, tenant) == 1


async def test_the_first_answer_stays_though_the_customer_has_changed(house: House, tenant: Tenant) -> None:
    first = await post(house, tenant.owner, "key-1", GRACE)
    async with house.client(tenant.owner.token) as client:
        await client.patch(f"/customers/{first.json()['id']}", json={"name": "Rear Admiral Hopper"})
    again = await post(house, tenant.owner, "key-1", GRACE)
    assert again.json()["name"] == "Grace Hopper"


async def test_another_request_with_the_key_is_refused_and_does_nothing(house: House, tenant: Tenant) -> None:
    await post(house, tenant.owner, "key-1", GRACE)
    other = await post(house, tenant.owner, "key-1", {"name": "Ada"})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert await customers_of(house, tenant) == 1


async def test_a_key_is_the_callers_own(house: House, tenant: Tenant, other_tenant: Tenant) -> None:
    for person in (tenant.owner, tenant.people[Role.STAFF], other_tenant.owner):
        answer = await post(house, person, "key-1", GRACE)
        assert (answer.status_code, "Idempotency-Replayed" in answer.headers) == (201, False)
    assert await customers_of(house, tenant) == 2
    assert await customers_of(house, other_tenant) == 1


async def test_a_refusal_is_not_kept(house: House, tenant: Tenant) -> None:
    refused = await post(house, tenant.owner, "key-1", {"emails": ["nobody"]})
    assert refused.status_code == 400
    mended = await post(house, tenant.owner, "key-1", GRACE)
    assert mended.status_code == 201


async def test_many_at_once_take_effect_once(house: House, tenant: Tenant) -> None:
    answers = await asyncio.gather(*(post(house, tenant.owner, "key-1", GRACE) for _ in range(30)))
    codes = {answer.status_code for answer in answers}
    assert codes <= {201, 409, 503}
    assert 201 in codes
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 201}) == 1
    assert await customers_of(house, tenant) == 1


async def test_after_a_day_the_key_is_free_again(house: House, tenant: Tenant) -> None:
    first = await post(house, tenant.owner, "key-1", GRACE)
    await rows(
        house.database.admin,
        "update idempotency_keys set created_at = now() - interval '25 hours' where tenant_id = $1 returning 1",
        tenant.id,
    )
    later = await post(house, tenant.owner, "key-1", {"name": "Ada"})
    assert later.status_code == 201
    assert later.json()["id"] != first.json()["id"]


async def test_a_malformed_key_is_refused(house: House, tenant: Tenant) -> None:
    for key in ("", "two words", "x" * 256):
        answer = await post(house, tenant.owner, key, GRACE)
        assert answer.status_code == 400, key
        assert answer.json()["errors"][0]["field"] == "Idempotency-Key"
    assert await customers_of(house, tenant) == 0

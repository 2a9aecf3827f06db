"""Custom fields over HTTP: defined, listed, changed and taken away; and what customers may hold then."""

import asyncio

import httpx
import pytest

from tests.support.house import House
from tests.support.people import Tenant

SIZE = {"key": "size", "label": "Size", "type": "choice", "choices": ["small", "large"]}


async def defined(client: httpx.AsyncClient, **fields: object) -> httpx.Response:
    return await client.post("/customers/fields", json={**SIZE, **fields})


async def test_a_field_is_defined_listed_changed_and_taken_away(house: House, tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client:
        made = await defined(client)
        field = made.json()
        assert (made.status_code, made.headers["ETag"], field["version"]) == (201, '"1"', 1)
        assert (await client.get("/customers/fields")).json() == {"items": [field]}
        path = f"/customers/fields/{field['id']}"
        assert (await client.patch(path, json={"label": "S"}, headers={"If-Match": '"2"'})).status_code == 412
        changed = await client.patch(path, json={"choices": ["small"]}, headers={"If-Match": '"1"'})
        assert (changed.json()["choices"], changed.json()["version"]) == (["small"], 2)
        refused = await client.post("/customers", json={"name": "Ada", "custom": {"size": "large"}})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "custom.size")
        assert (await client.delete(path)).status_code == 204
        assert (await client.get("/customers/fields")).json() == {"items": []}
        assert (await client.post("/customers", json={"name": "Ada", "custom": {"size": "large"}})).status_code == 201


@pytest.mark.parametrize("bad", [{"key": "1st"}, {"type": "colour"}, {"choices": []}, {"label": ""}, {"more": 1}])
async def test_what_is_no_field_is_refused(house: House, tenant: Tenant, bad: dict[str, object]) -> None:
    async with house.client(tenant.owner.token) as client:
        assert (await defined(client, **bad)).json()["code"] == "validation_error"
        assert (await defined(client)).status_code == 201


async def test_of_many_at_once_one_has_the_key(house: House, tenant: Tenant, other_tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client:
        answers = await asyncio.gather(*(defined(client) for _ in range(6)))
        assert sorted(answer.status_code for answer in answers) == [201, *[409] * 5]
    async with house.client(other_tenant.owner.token) as client:
        assert (await client.get("/customers/fields")).json() == {"items": []}
        assert (await defined(client)).status_code == 201

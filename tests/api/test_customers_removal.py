"""The end of customers: put away and taken back, deleted where nothing refers to them, erased with all that is kept."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from domains.shared.permissions import Role
from infra.postgres.tables import metadata
from tests.support.databases import rows
from tests.support.house import House
from tests.support.people import Tenant
from tests.support.quotes import ITEM

PERSONAL = "Zanzibarius"
FULL = {
    "name": PERSONAL,
    "company": f"{PERSONAL} Ltd",
    "emails": [f"{PERSONAL.lower()}@example.com"],
    "phones": ["+15559876543"],
    "addresses": [{"street": f"1 {PERSONAL} Street"}],
    "tags": [PERSONAL],
    "notes": PERSONAL,
    "source": PERSONAL,
    "custom": {"nick": PERSONAL},
}


@pytest.fixture
async def client(house: House, tenant: Tenant) -> AsyncIterator[httpx.AsyncClient]:
    async with house.client(tenant.owner.token) as client:
        yield client


async def make(client: httpx.AsyncClient, **fields: Any) -> str:
    headers = {"Idempotency-Key": fields["name"]}
    return str((await client.post("/customers", json=fields, headers=headers)).json()["id"])


async def test_what_was_archived_is_taken_back(client: httpx.AsyncClient) -> None:
    customer = await make(client, name="Ada")
    await client.delete(f"/customers/{customer}")
    back = await client.post(f"/customers/{customer}/restore")
    assert (back.status_code, back.json()["archivedAt"], back.json()["version"]) == (200, None, 3)
    assert back.headers["ETag"] == '"3"'
    again = await client.post(f"/customers/{customer}/restore")
    assert again.json() == back.json()
    assert [item["id"] for item in (await client.get("/customers")).json()["items"]] == [customer]


async def test_a_record_is_deleted_unless_something_refers_to_it(client: httpx.AsyncClient) -> None:
    customer, noted = await make(client, name="Ada"), await make(client, name="Noted")
    await client.post(f"/customers/{noted}/notes", json={"text": "hello"})
    for _ in range(2):
        assert (await client.post("/quotes", json={"customerId": noted, "items": [ITEM]})).status_code == 201
    await client.post(f"/customers/{await make(client, name='Same')}/merge", json={"into": noted})
    refused = await client.delete(f"/customers/{noted}", params={"permanently": True})
    assert (refused.status_code, refused.json()["code"]) == (409, "customer_in_use")
    assert {each["field"]: each["message"] for each in refused.json()["errors"]} == {
        "merged_customers": "1 merged customer.", "notes": "1 note.", "quotes": "2 quotes.",
    }  # fmt: skip
    assert len((await client.get(f"/customers/{noted}/timeline")).json()["items"]) == 6
    assert (await client.delete(f"/customers/{customer}", params={"permanently": True})).status_code == 204
    assert (await client.get(f"/customers/{customer}")).status_code == 404
    assert (await client.get(f"/customers/{customer}/timeline")).status_code == 404


async def test_staff_archives_and_does_not_delete_or_erase(
    client: httpx.AsyncClient, house: House, tenant: Tenant
) -> None:
    customer = await make(client, name="Ada")
    async with house.client(tenant.people[Role.STAFF].token) as staff:
        assert (await staff.delete(f"/customers/{customer}", params={"permanently": True})).status_code == 403
        assert (await staff.post(f"/customers/{customer}/erase")).status_code == 403
        assert (await staff.delete(f"/customers/{customer}")).status_code == 204


async def kept(house: House, tenant: Tenant) -> list[str]:
    """The tables in which anything of the person is left."""
    found = []
    for table in metadata.tables:
        held = f"select exists (select from {table} t where t.tenant_id = $1 and t::text ~* $2)"
        if (await rows(house.database.admin, held, tenant.id, f"{PERSONAL}|9876543"))[0][0]:
            found.append(table)
    return found


async def test_nothing_is_left_of_who_is_erased_nor_of_who_was_merged_into_them(
    client: httpx.AsyncClient, house: House, tenant: Tenant
) -> None:
    away, stays = await make(client, **FULL), await make(client, name="Kept")
    await client.post(f"/customers/{away}/notes", json={"text": f"{PERSONAL} has a dog"})
    await client.post(f"/customers/{away}/merge", json={"into": stays})
    await client.post(f"/customers/{stays}/notes", json={"text": f"{PERSONAL} again"})
    assert set(await kept(house, tenant)) >= {"audit_log", "customers", "customer_mergers", "customer_notes"}
    assert (await client.post(f"/customers/{stays}/erase")).status_code == 204
    assert await kept(house, tenant) == []
    for gone in (away, stays):
        assert (await client.get(f"/customers/{gone}")).status_code == 404
        assert (await client.get(f"/customers/{gone}/timeline")).status_code == 404
        assert (await client.patch(f"/customers/{gone}", json={"name": "Back"})).status_code == 404
    for params in ({}, {"archived": True}, {"search": PERSONAL}, {"search": "former"}):
        assert (await client.get("/customers", params=params)).json()["items"] == []
    verified = (await client.get("/admin/audit-log/verify")).json()
    assert verified["valid"] is True

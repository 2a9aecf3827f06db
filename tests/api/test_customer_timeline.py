"""Notes and timelines over HTTP: what happens is there at once, once, and in order."""

import asyncio
from typing import Any

import pytest

from domains.shared.ids import new_id
from tests.support.house import House
from tests.support.people import Tenant
from tests.support.stories import inspector


async def lived(house: House, tenant: Tenant) -> str:
    """A customer that was created, changed, noted twice and archived."""
    async with house.client(tenant.owner.token) as client:
        customer = (await client.post("/customers", json={"name": "Grace"})).json()["id"]
        await client.patch(f"/customers/{customer}", json={"name": "Grace Hopper"})
        for text in ("Prefers mornings.", " Has a dog. "):
            await client.post(f"/customers/{customer}/notes", json={"text": text})
        assert (await client.delete(f"/customers/{customer}")).status_code == 204
    return str(customer)


async def timeline(house: House, tenant: Tenant, customer: str, **params: Any) -> dict[str, Any]:
    async with house.client(tenant.owner.token) as client:
        answer = await client.get(f"/customers/{customer}/timeline", params=params)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_all_that_happened_is_shown_newest_first(house: House, tenant: Tenant) -> None:
    customer = await lived(house, tenant)
    shown = await timeline(house, tenant, customer, includeTotal=True)
    assert [(item["kind"], item["text"]) for item in shown["items"]] == [
        ("customer_archived", None),
        ("note_added", "Has a dog."),
        ("note_added", "Prefers mornings."),
        ("customer_updated", None),
        ("customer_created", None),
    ]
    assert {item["actorId"] for item in shown["items"]} == {str(tenant.owner.user)}
    assert (shown["total"], shown["nextCursor"]) == (5, None)


async def test_pages_have_each_entry_once(house: House, tenant: Tenant) -> None:
    customer = await lived(house, tenant)
    found: list[str] = []
    cursor: dict[str, Any] = {}
    for _ in range(3):
        page = await timeline(house, tenant, customer, limit=2, sort="occurredAt", **cursor)
        found.extend(item["kind"] for item in page["items"])
        cursor = {"cursor": page["nextCursor"]}
    assert found == ["customer_created", "customer_updated", "note_added", "note_added", "customer_archived"]
    assert cursor == {"cursor": None}


async def test_a_note_is_answered_with_its_author_and_leaves_the_customer_as_it_is(
    house: House, tenant: Tenant
) -> None:
    async with house.client(tenant.owner.token) as client:
        made = (await client.post("/customers", json={"name": "Grace"})).json()
        note = await client.post(f"/customers/{made['id']}/notes", json={"text": " Two doors. "})
        assert note.status_code == 201
        body = note.json()
        assert (body["text"], body["customerId"], body["authorId"]) == (
            "Two doors.", made["id"], str(tenant.owner.user),
        )  # fmt: skip
        assert (await client.get(f"/customers/{made['id']}")).json() == made


@pytest.mark.parametrize("text", ["", "   ", "x" * 10_001, None, 7])
async def test_what_is_no_note_is_refused(house: House, tenant: Tenant, text: object) -> None:
    customer = await lived(house, tenant)
    async with house.client(tenant.owner.token) as client:
        refused = await client.post(f"/customers/{customer}/notes", json={"text": text})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "text")
        assert (await client.post(f"/customers/{customer}/notes", json={"text": "x" * 10_000})).status_code == 201


async def test_another_tenants_customer_is_as_absent_as_none(
    house: House, tenant: Tenant, other_tenant: Tenant
) -> None:
    customer = await lived(house, tenant)
    async with house.client(other_tenant.owner.token) as client:
        for absent in (customer, str(new_id())):
            assert (await client.get(f"/customers/{absent}/timeline")).status_code == 404
            assert (await client.post(f"/customers/{absent}/notes", json={"text": "hello"})).status_code == 404


async def test_one_note_of_twenty_with_one_key(house: House, tenant: Tenant) -> None:
    customer = await lived(house, tenant)
    async with house.client(tenant.owner.token) as client:
        answers = await asyncio.gather(
            *(
                client.post(f"/customers/{customer}/notes", json={"text": "once"}, headers={"Idempotency-Key": "k"})
                for _ in range(20)
            )
        )
    assert {answer.status_code for answer in answers} <= {201, 409}
    shown = await timeline(house, tenant, customer)
    assert [item["text"] for item in shown["items"]].count("once") == 1


async def test_what_a_subscriber_cannot_write_is_not_done_at_all(house: House, tenant: Tenant) -> None:
    async with inspector(house) as admin:
        await admin.execute(
            "alter table customer_timeline add constraint planted"
            f" check (tenant_id <> '{tenant.id}' or kind <> 'customer_created') not valid"
        )
        try:
            async with house.client(tenant.owner.token) as client:
                refused = await client.post("/customers", json={"name": "Grace"})
                listed = (await client.get("/customers")).json()["items"]
        finally:
            await admin.execute("alter table customer_timeline drop constraint planted")
    assert (refused.status_code, listed) == (500, [])
    async with house.client(tenant.owner.token) as client:
        assert (await client.post("/customers", json={"name": "Grace"})).status_code == 201

"""What becomes of quotes over HTTP: numbered when they are sent, decided on, and over when their time is."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from tests.support.house import House
from tests.support.people import Tenant
from tests.support.quotes import ITEM, a_customer, a_quote, moved
from tests.support.stories import events_of, inspector

STATUSES = ["draft", "sent", "accepted", "rejected", "expired"]
_DUE_NOW = "update work.envelopes set due_at = now() where kind = 'quotes.expire' and subject_id = $1"
ALLOWED = {("draft", "sent"), ("sent", "accepted"), ("sent", "rejected"), ("sent", "expired")}


async def in_status(house: House, tenant: Tenant, status: str, **fields: Any) -> dict[str, Any]:
    made = await a_quote(house, tenant, **fields)
    if status != "draft":
        made = await moved(house, tenant, made["id"], "sent")
    return made if status in {"draft", "sent"} else await moved(house, tenant, made["id"], status)


@pytest.mark.parametrize("status", STATUSES)
async def test_only_the_ways_that_there_are(house: House, tenant: Tenant, status: str) -> None:
    customer = await a_customer(house, tenant)
    for wanted in STATUSES:
        made = await in_status(house, tenant, status, customerId=customer)
        async with house.client(tenant.owner.token) as client:
            answer = await client.patch(f"/quotes/{made['id']}/status", json={"status": wanted})
            shown = (await client.get(f"/quotes/{made['id']}")).json()
        if wanted == status:
            assert (answer.status_code, answer.json()) == (200, made)
        elif (status, wanted) in ALLOWED:
            assert (answer.status_code, answer.json()["status"], answer.json()) == (200, wanted, shown)
            assert shown["version"] == made["version"] + 1
        else:
            assert (answer.status_code, answer.json()["code"], shown) == (422, "invalid_transition", made)


@pytest.mark.parametrize("status", STATUSES[1:])
async def test_only_drafts_change(house: House, tenant: Tenant, status: str) -> None:
    made = await in_status(house, tenant, status)
    async with house.client(tenant.owner.token) as client:
        answers = [
            await client.patch(f"/quotes/{made['id']}", json={"notes": "x"}),
            await client.patch(f"/quotes/{made['id']}", json={}),
            await client.delete(f"/quotes/{made['id']}"),
        ]
        shown = (await client.get(f"/quotes/{made['id']}")).json()
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(422, "invalid_transition")] * 3
    assert shown == made


async def test_a_story_is_told_with_its_times_and_numbers(house: House, tenant: Tenant) -> None:
    sent = await in_status(house, tenant, "sent")
    accepted = await moved(house, tenant, sent["id"], "accepted", reason="not kept")
    rejected = await moved(house, tenant, (await in_status(house, tenant, "sent"))["id"], "rejected", reason=" Dear. ")
    year = datetime.now(UTC).year
    assert [sent["number"], rejected["number"]] == [f"Q-{year}-00001", f"Q-{year}-00002"]
    assert (accepted["sentAt"], accepted["acceptedAt"]) == (sent["sentAt"], accepted["updatedAt"])
    assert (accepted["rejectReason"], rejected["rejectReason"]) == (None, "Dear.")
    assert (rejected["rejectedAt"], rejected["acceptedAt"]) == (rejected["updatedAt"], None)
    events = [event for event in await events_of(house, tenant) if event["subject_id"] == UUID(sent["id"])]
    data = {"customer_id": sent["customerId"], "total": 12000, "currency": "USD"}
    assert [(event["type"], msgspec.json.decode(event["data"])) for event in events[1:]] == [
        ("quote.sent", data),
        ("quote.accepted", data),
    ]


async def test_what_offers_nothing_is_not_sent(house: House, tenant: Tenant) -> None:
    made = await a_quote(house, tenant, items=[])
    async with house.client(tenant.owner.token) as client:
        answer = await client.patch(f"/quotes/{made['id']}/status", json={"status": "sent"})
    assert [(each["field"], each["code"]) for each in answer.json()["errors"]] == [("items", "required")]
    assert (await in_status(house, tenant, "sent"))["number"].endswith("-00001")


async def test_what_is_over_is_neither_sent_nor_accepted(house: House, tenant: Tenant) -> None:
    late = await a_quote(house, tenant, validUntil="2020-01-01")
    sent = await in_status(house, tenant, "sent", validUntil="2999-12-31")
    async with inspector(house) as admin:
        await admin.execute("update quotes set valid_until = '2020-01-01' where id = $1", UUID(sent["id"]))
    async with house.client(tenant.owner.token) as client:
        for made, status in ((late, "sent"), (sent, "accepted")):
            answer = await client.patch(f"/quotes/{made['id']}/status", json={"status": status})
            assert (answer.status_code, answer.json()["code"]) == (422, "deadline_passed")
    assert (await moved(house, tenant, sent["id"], "rejected"))["status"] == "rejected"


async def due_at(house: House, quote: str) -> list[datetime]:
    async with inspector(house) as admin:
        asked = "select due_at from work.envelopes where kind = 'quotes.expire' and subject_id = $1"
        return [row["due_at"] for row in await admin.fetch(asked, UUID(quote))]


async def come(house: House, quote: str) -> None:
    """Have its last day be over."""
    async with inspector(house) as admin:
        past = datetime.now(UTC) - timedelta(days=3)
        await admin.execute("update quotes set valid_until = $2 where id = $1", UUID(quote), past.date())
        await admin.execute(_DUE_NOW, UUID(quote))
    await house.follow_up()


async def test_it_expires_by_itself_at_the_end_of_the_business_day(house: House, tenant: Tenant) -> None:
    sent = await in_status(house, tenant, "sent", validUntil="2999-07-31")
    assert await due_at(house, sent["id"]) == [datetime(2999, 8, 1, 4, tzinfo=UTC)]
    await come(house, sent["id"])
    async with house.client(tenant.owner.token) as client:
        shown = (await client.get(f"/quotes/{sent['id']}")).json()
        timeline = (await client.get(f"/customers/{sent['customerId']}/timeline")).json()["items"]
    assert (shown["status"], shown["version"]) == ("expired", sent["version"] + 1)
    assert [entry["kind"] for entry in timeline[:3]] == ["quote_expired", "quote_sent", "quote_created"]
    assert timeline[0]["actorId"] is None


async def test_who_moves_to_the_west_has_a_longer_day(house: House, tenant: Tenant) -> None:
    sent = await in_status(house, tenant, "sent", validUntil="2999-07-31")
    async with house.client(tenant.owner.token) as client:
        await client.patch("/tenants/me", json={"timezone": "Pacific/Honolulu"})
    async with inspector(house) as admin:
        await admin.execute(_DUE_NOW, UUID(sent["id"]))
    await house.follow_up()
    assert await due_at(house, sent["id"]) == [datetime(2999, 8, 1, 10, tzinfo=UTC)]


@pytest.mark.parametrize("status", ["accepted", "rejected"])
async def test_what_was_decided_does_not_expire(house: House, tenant: Tenant, status: str) -> None:
    decided = await in_status(house, tenant, status, validUntil="2999-07-31")
    await come(house, decided["id"])
    async with house.client(tenant.owner.token) as client:
        shown = (await client.get(f"/quotes/{decided['id']}")).json()
    assert (shown["status"], shown["version"]) == (status, decided["version"])


async def test_without_a_last_day_it_never_expires(house: House, tenant: Tenant) -> None:
    assert await due_at(house, (await in_status(house, tenant, "sent"))["id"]) == []


async def test_of_those_who_decide_at_once_one_does(house: House, tenant: Tenant) -> None:
    sent = await in_status(house, tenant, "sent")
    async with house.client(tenant.owner.token) as client:
        wanted = ["accepted", "rejected", "expired"] * 5
        answers = await asyncio.gather(
            *(client.patch(f"/quotes/{sent['id']}/status", json={"status": status}) for status in wanted)
        )
    final = {answer.json()["status"] for answer in answers if answer.status_code == 200}
    assert len(final) == 1
    assert {answer.status_code for answer in answers} == {200, 422}
    events = [event["type"] for event in await events_of(house, tenant) if event["subject_id"] == UUID(sent["id"])]
    assert events == ["quote.created", "quote.sent", f"quote.{final.pop()}"]


async def test_an_item_of_the_tenants_default_stays_as_it_was_offered(house: House, tenant: Tenant) -> None:
    plain = {key: value for key, value in ITEM.items() if key != "taxes"}
    async with house.client(tenant.owner.token) as client:
        await client.patch("/tenants/me", json={"taxRates": [{"name": "VAT", "rate": "10", "isDefault": True}]})
        sent = await in_status(house, tenant, "sent", items=[plain])
        await client.patch("/tenants/me", json={"taxRates": [{"name": "VAT", "rate": "11", "isDefault": True}]})
        shown = (await client.get(f"/quotes/{sent['id']}")).json()
    assert (shown, shown["taxTotal"]) == (sent, 1000)


async def test_of_many_that_are_sent_at_once_each_has_a_number_of_its_own(house: House, tenant: Tenant) -> None:
    customer = await a_customer(house, tenant)
    made = [await a_quote(house, tenant, customerId=customer) for _ in range(20)]
    async with house.client(tenant.owner.token) as client:
        answers = await asyncio.gather(
            *(client.patch(f"/quotes/{quote['id']}/status", json={"status": "sent"}) for quote in made)
        )
    year = datetime.now(UTC).year
    assert sorted(answer.json()["number"] for answer in answers) == [f"Q-{year}-{at:05}" for at in range(1, 21)]


async def test_numbers_are_written_as_the_business_wants_and_never_twice(house: House, tenant: Tenant) -> None:
    first = await in_status(house, tenant, "sent")
    waiting = await a_quote(house, tenant)
    async with house.client(tenant.owner.token) as client:
        await client.patch("/tenants/me", json={"numbering": {"quote": first["number"][:-5] + "{seq:5}"}})
        twice = await client.patch(f"/quotes/{waiting['id']}/status", json={"status": "sent"})
        await client.patch("/tenants/me", json={"numbering": {"quote": "{year}/{seq:3}"}})
        other = await client.patch(f"/quotes/{waiting['id']}/status", json={"status": "sent"})
    assert (twice.status_code, twice.json()["code"]) == (409, "already_exists")
    assert other.json()["number"] == f"{datetime.now(UTC).year}/002"

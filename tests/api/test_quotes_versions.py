"""Versions of quotes over HTTP: an offer is made anew, and takes the place of the one before when it is sent."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from tests.api.test_quotes_offered import SIGNED, answered, looked, offered
from tests.support.house import House
from tests.support.invoices import asked
from tests.support.people import Tenant
from tests.support.quotes import ITEM, a_customer, a_quote, moved
from tests.support.stories import events_of
from tests.support.waiting import blocked

Json = dict[str, Any]
CONTENT = ("customerId", "currency", "items", "discount", "deposit", "subtotal", "taxes", "total", "notes", "terms")


async def revised(house: House, tenant: Tenant, quote: str, status: int = 201) -> Json:
    answer = await asked(house, tenant, "POST", f"/quotes/{quote}/revise")
    assert answer.status_code == status, answer.text
    return dict(answer.json())


async def one(house: House, tenant: Tenant, quote: str) -> Json:
    return dict((await asked(house, tenant, "GET", f"/quotes/{quote}")).json())


async def test_a_later_version_takes_the_place_of_what_was_offered(house: House, tenant: Tenant) -> None:
    option = {**ITEM, "optional": True, "selected": True}
    first, path = await offered(
        house, tenant, items=[ITEM, option], discount={"amount": 5}, deposit={"percent": "30"}, notes="Ring", terms="x"
    )
    draft = await revised(house, tenant, first["id"])
    assert {name: draft[name] for name in CONTENT} == {name: first[name] for name in CONTENT}
    assert (draft["status"], draft["number"], draft["publicUrl"], draft["version"]) == ("draft", None, None, 1)
    assert [(each["revision"], each["revisionOf"], each["supersededBy"]) for each in (first, draft)] == [
        (1, None, None),
        (2, first["id"], None),
    ]
    assert await revised(house, tenant, first["id"], 200) == draft
    assert (await looked(house, path))[1]["status"] == "sent"

    await asked(house, tenant, "PATCH", f"/quotes/{draft['id']}", json={"items": [ITEM]})
    sent = await moved(house, tenant, draft["id"], "sent")
    over = await one(house, tenant, first["id"])
    assert (over["status"], over["supersededBy"], over["version"]) == ("expired", sent["id"], first["version"] + 1)
    assert (over["total"], over["number"][-5:], sent["number"][-5:]) == (first["total"], "00001", "00002")
    for status, problem in (await looked(house, path), await answered(house, f"{path}/accept", **SIGNED)):
        assert (status, problem["code"], problem["newerUrl"]) == (410, "expired", sent["publicUrl"])
    listed = (await asked(house, tenant, "GET", f"/quotes/{first['id']}/versions")).json()["items"]
    assert listed == [sent, over]
    assert (await asked(house, tenant, "GET", f"/quotes/{sent['id']}/versions")).json()["items"] == listed
    timeline = (await asked(house, tenant, "GET", f"/customers/{first['customerId']}/timeline")).json()["items"]
    assert [entry["kind"] for entry in reversed(timeline[:5])] == [
        "quote_sent", "quote_created", "quote_revised", "quote_superseded", "quote_sent",
    ]  # fmt: skip


async def test_what_was_rejected_stays_so_and_a_third_version_follows_the_second(house: House, tenant: Tenant) -> None:
    first, path = await offered(house, tenant)
    await answered(house, f"{path}/reject", reason="Too dear")
    draft = await revised(house, tenant, first["id"])
    assert (draft["rejectedAt"], draft["rejectReason"]) == (None, None)
    second = await moved(house, tenant, draft["id"], "sent")
    third = await revised(house, tenant, second["id"])
    rejected = await one(house, tenant, first["id"])
    assert (rejected["status"], rejected["supersededBy"], third["revision"]) == ("rejected", second["id"], 3)
    versions = (await asked(house, tenant, "GET", f"/quotes/{second['id']}/versions")).json()["items"]
    assert [each["id"] for each in versions] == [third["id"], second["id"], first["id"]]
    refused = await asked(house, tenant, "POST", f"/quotes/{first['id']}/revise")
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_transition")


@pytest.mark.parametrize("status", ["draft", "accepted"])
async def test_only_what_was_sent_and_not_accepted_is_revised(house: House, tenant: Tenant, status: str) -> None:
    quote = await a_quote(house, tenant)
    if status == "accepted":
        await moved(house, tenant, quote["id"], "sent")
        await moved(house, tenant, quote["id"], "accepted")
    answer = await asked(house, tenant, "POST", f"/quotes/{quote['id']}/revise")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_transition")
    assert (await asked(house, tenant, "GET", "/quotes", params={"includeTotal": True})).json()["total"] == 1


async def test_a_version_is_for_the_same_customer_and_makes_room_when_it_is_deleted(
    house: House, tenant: Tenant
) -> None:
    first, _ = await offered(house, tenant)
    draft = await revised(house, tenant, first["id"])
    other = await a_customer(house, tenant)
    answer = await asked(house, tenant, "PATCH", f"/quotes/{draft['id']}", json={"customerId": other})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "customerId")
    assert (await asked(house, tenant, "DELETE", f"/quotes/{draft['id']}")).status_code == 204
    assert (await revised(house, tenant, first["id"]))["id"] != draft["id"]


async def test_of_ten_who_revise_at_once_all_get_one_draft(house: House, tenant: Tenant) -> None:
    first, _ = await offered(house, tenant)
    asks = [asked(house, tenant, "POST", f"/quotes/{first['id']}/revise") for _ in range(10)]
    answers = await asyncio.gather(*asks)
    assert sorted(answer.status_code for answer in answers) == [200] * 9 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1


async def test_of_accepting_and_sending_a_later_version_at_once_one_wins(house: House, tenant: Tenant) -> None:
    for _ in range(3):
        first, path = await offered(house, tenant)
        draft = await revised(house, tenant, first["id"])
        status = f"/quotes/{draft['id']}/status"
        accepted, sent = await asyncio.gather(
            answered(house, f"{path}/accept", **SIGNED), asked(house, tenant, "PATCH", status, json={"status": "sent"})
        )
        assert (accepted[0], sent.status_code) in {(200, 422), (410, 200)}
        kinds = {each["type"] for each in await events_of(house, tenant) if each["subject_id"] == UUID(first["id"])}
        assert len(kinds & {"quote.accepted", "quote.superseded"}) == 1


@pytest.mark.parametrize(
    "call", [("POST", "send", None), ("PATCH", "status", {"status": "sent"})], ids=lambda call: call[1]
)
async def test_whoever_sends_waits_for_a_customer_with_the_earlier_version_in_hand(
    house: House, tenant: Tenant, call: tuple[str, str, Json | None]
) -> None:
    """As whoever revises has: else one of them waits for the customer, and the other for the version."""
    method, verb, body = call
    first, _ = await offered(house, tenant)
    await asked(house, tenant, "PATCH", f"/customers/{first['customerId']}", json={"emails": ["ada@customers.test"]})
    draft = await revised(house, tenant, first["id"])
    async with house.inspectors.one() as other:
        async with other.transaction():
            await other.execute("select from customers where id = $1 for no key update", UUID(first["customerId"]))
            sending = asyncio.create_task(asked(house, tenant, method, f"/quotes/{draft['id']}/{verb}", json=body))
            await blocked(other)
            free = "select from quotes where id = $1 for no key update skip locked"
            assert not await other.fetch(free, UUID(first["id"]))
        assert (await sending).status_code == 200


async def test_a_version_of_what_was_accepted_meanwhile_is_not_sent(house: House, tenant: Tenant) -> None:
    first, path = await offered(house, tenant)
    draft = await revised(house, tenant, first["id"])
    status, accepted = await answered(house, f"{path}/accept", **SIGNED)
    refused = await asked(house, tenant, "PATCH", f"/quotes/{draft['id']}/status", json={"status": "sent"})
    assert (status, refused.status_code, refused.json()["code"]) == (200, 422, "invalid_transition")
    assert await looked(house, path) == (200, accepted)
    assert await one(house, tenant, draft["id"]) == draft

"""What Stripe sends: proven, kept, and applied once, whatever the order and the number of deliveries."""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest

from domains.shared.ids import new_id
from infra.sandbox.stripe.delivering import signature
from tests.support.databases import TestDatabase, rows
from tests.support.payments import TillHouse, till_house
from tests.support.people import Tenant, new_tenant
from tests.support.stripe_stand_in import WEBHOOK_SECRET

PLATFORM = "/webhooks/stripe"


@pytest.fixture(scope="module")
async def till(database: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[TillHouse]:
    async with till_house(database, tmp_path_factory.mktemp("till")) as running:
        yield running


@pytest.fixture
async def shop(till: TillHouse) -> Tenant:
    return await new_tenant(till.desk)


async def _post(
    till: TillHouse, body: bytes, *, path: str = PLATFORM, secret: str = WEBHOOK_SECRET, ago: int = 0
) -> httpx.Response:
    headers = {"Content-Type": "application/json"}
    headers["Stripe-Signature"] = signature(body, secret, at=int(time.time()) - ago)
    async with till.desk.client() as client:
        return await client.post(path, content=body, headers=headers)


async def _story(till: TillHouse, shop: Tenant, card: str) -> tuple[dict[str, Any], list[bytes]]:
    """A payment by `card` that was refunded in part, or disputed and lost; and what Stripe has to tell of it."""
    invoice = await till.an_invoice(shop)
    intent = await till.an_intent(shop, invoice["id"])
    await till.stripe.pay(intent["intentId"], "4000000000000002")
    await till.stripe.pay(intent["intentId"], card)
    if card == "4000000000000259":
        disputes = await till.stripe.client.disputes.list_async({"payment_intent": intent["intentId"]})
        await till.stripe.control("close-dispute", dispute=disputes.data[0].id, won=False)
    else:
        await till.stripe.client.refunds.create_async({"payment_intent": intent["intentId"], "amount": 5_000})
    events = await till.stripe.client.events.list_async({"limit": 100})
    told = [json.loads(str(event)) for event in events.data]
    of_it = [event for event in told if intent["intentId"] in json.dumps(event)]
    till.stripe.stand_in.book.ask("delete from deliveries")
    return intent, [json.dumps(event).encode() for event in of_it[::-1]]


async def _outcome(till: TillHouse, shop: Tenant, intent: dict[str, Any]) -> dict[str, Any]:
    payment = await till.payment(shop, intent["paymentId"])
    shown = {name: payment[name] for name in ("status", "appliedAmount", "refundedAmount")}
    return {**shown, **await till.balances(shop)}


@pytest.mark.parametrize("card", ["4242424242424242", "4000000000000259"])
async def test_events_in_any_order_come_to_the_same(till: TillHouse, card: str) -> None:
    outcomes = []
    for order in itertools.islice(itertools.permutations(range(4)), 0, 24, 5):
        shop = await new_tenant(till.desk)
        intent, events = await _story(till, shop, card)
        wanted = [event for event in events if b'"payment_intent.created"' not in event and b'"charge.s' not in event]
        last = [wanted[-1 - place % len(wanted)] for place in order]
        for event in [*last, *wanted, *last]:
            assert (await _post(till, event)).status_code == 200
            await till.desk.follow_up()
        outcomes.append(await _outcome(till, shop, intent))
    assert all(outcome == outcomes[0] for outcome in outcomes), outcomes
    lost = card == "4000000000000259"
    assert outcomes[0]["status"] == ("disputed" if lost else "partially_refunded")


async def test_an_event_that_comes_fifty_times_at_once_has_one_effect(till: TillHouse, shop: Tenant) -> None:
    intent, events = await _story(till, shop, "4242424242424242")
    for event in events[-3:]:
        answers = await asyncio.gather(*(_post(till, event) for _ in range(50)))
        assert {answer.status_code for answer in answers} == {200}
    await till.desk.follow_up()
    assert (await _outcome(till, shop, intent))["stripe"] == 7_000


async def test_what_is_not_signed_by_the_account_is_refused_and_leaves_nothing(till: TillHouse, shop: Tenant) -> None:
    intent, events = await _story(till, shop, "4242424242424242")
    event = events[-1]
    altered = event.replace(b"12000", b"99999")
    async with till.desk.client() as client:
        bare = await client.post(PLATFORM, content=event, headers={"Content-Type": "application/json"})
        wrong = await client.post(PLATFORM, content=altered, headers={
            "Content-Type": "application/json",
            "Stripe-Signature": signature(event, WEBHOOK_SECRET, at=int(time.time())),
        })  # fmt: skip
    other = await _post(till, event, secret="whsec_of_somebody_else")
    late = await _post(till, event, ago=301)
    early = await _post(till, event, ago=-301)
    own = await _post(till, event, path=f"{PLATFORM}/{shop.id}")
    assert [answer.status_code for answer in (bare, wrong, other, late, early, own)] == [401] * 6
    await till.desk.follow_up()
    assert (await till.payment(shop, intent["paymentId"]))["status"] == "pending"
    assert (await _post(till, event, ago=299)).status_code == 200


async def test_a_business_of_its_own_is_told_at_an_address_of_its_own(till: TillHouse, shop: Tenant) -> None:
    keys = {"secret_key": "sk_test_ofitsown1", "publishable_key": "pk_test_ofitsown1"}
    body = {
        "publishableKey": keys["publishable_key"],
        "secretKey": keys["secret_key"],
        "webhookSecret": "whsec_ofitsown1",
    }
    await till.asked(shop, "PUT", "/tenants/me/integrations/stripe", json=body)
    url = f"http://testserver/api/v1{PLATFORM}/{shop.id}"
    till.stripe.stand_in.open_account(**keys, url=url, webhook_secret="whsec_ofitsown1")
    payment = await till.paid(shop)
    assert payment["status"] == "succeeded"
    intents = await till.stripe.client_with(keys["secret_key"]).payment_intents.list_async()
    assert [intent.id for intent in intents.data] == [payment["intentId"]]
    other = await new_tenant(till.desk)
    events = await till.stripe.client_with(keys["secret_key"]).events.list_async({"limit": 1})
    event = json.loads(str(events.data[0]))
    event["data"]["object"]["metadata"]["tenantId"] = str(other.id)
    stranger = json.dumps(event).encode()
    assert (await _post(till, stranger, path=f"{PLATFORM}/{shop.id}", secret="whsec_ofitsown1")).status_code == 401
    assert (await _post(till, stranger, path=f"{PLATFORM}/{other.id}", secret="whsec_ofitsown1")).status_code == 401


async def test_what_is_of_no_kind_or_no_business_of_ours_is_taken_and_does_nothing(till: TillHouse) -> None:
    for about in ({"object": "payout", "id": "po_1"}, {"object": "payment_intent", "id": "pi_of_nobody"}):
        event = {"id": "evt_1", "type": "payout.paid", "created": 1, "data": {"object": about}, "more": [1]}
        assert (await _post(till, json.dumps(event).encode())).status_code == 200
    assert (await _post(till, b'{"id": "evt_2"}')).status_code == 400


async def test_what_names_a_business_that_is_not_here_leaves_nothing(till: TillHouse, shop: Tenant) -> None:
    stranger = str(new_id())
    about = {"object": "payment_intent", "id": "pi_elsewhere", "metadata": {"tenantId": stranger}}
    event = {"id": "evt_3", "type": "payout.paid", "created": 1, "data": {"object": about}}
    assert (await _post(till, json.dumps(event).encode())).status_code == 200
    assert await rows(till.desk.database.admin, "select 1 from inbox where tenant_id = $1", UUID(stranger)) == []


async def test_what_is_live_is_not_taken_for_a_test(till: TillHouse, shop: Tenant) -> None:
    _, events = await _story(till, shop, "4242424242424242")
    live = json.dumps({**json.loads(events[-1]), "livemode": True}).encode()
    assert (await _post(till, live)).status_code == 401
    assert (await _post(till, events[-1])).status_code == 200

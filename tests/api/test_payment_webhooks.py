"""What Stripe sends: proven, kept, and applied once, whatever the order and the number of deliveries."""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

import httpx
import pytest

from domains.shared.ids import new_id
from frontdesk.alert_rules import FOREIGN_WEBHOOKS, rules_of_the_api
from frontdesk.observing_settings import ObservingSettings
from frontdesk.variables import Variables
from infra.alerts.rules import Alarm, State
from infra.metrics.instruments import Instruments
from infra.sandbox.stripe.delivering import signature
from tests.support.databases import rows
from tests.support.payments import TillHouse
from tests.support.people import Tenant, new_tenant
from tests.support.stripe_stand_in import WEBHOOK_SECRET

PLATFORM = "/webhooks/stripe"
ADDRESSES = (PLATFORM, "/payments/webhook")
NO_HEADERS: Mapping[str, str] = MappingProxyType({})


async def _post(
    till: TillHouse,
    body: bytes,
    *,
    path: str = PLATFORM,
    secret: str = WEBHOOK_SECRET,
    ago: int = 0,
    headers: Mapping[str, str] = NO_HEADERS,
) -> httpx.Response:
    stamp = signature(body, secret, at=int(time.time()) - ago)
    sent = {"Content-Type": "application/json", "Stripe-Signature": stamp, **headers}
    async with till.desk.client() as client:
        return await client.post(path, content=body, headers=sent)


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


async def _insisted(till: TillHouse, body: bytes) -> None:
    """Send it until it is taken: the provider tries again where all connections are in use."""
    while (answer := await _post(till, body)).status_code == 503:
        pass
    assert answer.status_code == 200, answer.text


async def test_an_event_that_comes_fifty_times_at_once_has_one_effect(till: TillHouse, shop: Tenant) -> None:
    intent, events = await _story(till, shop, "4242424242424242")
    for event in events[-3:]:
        await asyncio.gather(*(_insisted(till, event) for _ in range(50)))
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


async def _own_account(till: TillHouse, shop: Tenant, name: str, *, mode: str = "test") -> tuple[str, str]:
    """Connect an account of the shop's own: its secret key, and the secret of its webhooks."""
    keys = {"secret_key": f"sk_{mode}_{name}", "publishable_key": f"pk_{mode}_{name}"}
    secret = f"whsec_{name}"
    body = {"publishableKey": keys["publishable_key"], "secretKey": keys["secret_key"], "webhookSecret": secret}
    answer = await till.asked(shop, "PUT", "/tenants/me/integrations/stripe", json=body)
    till.stripe.stand_in.open_account(**keys, url=answer.json()["webhookUrl"], webhook_secret=secret)
    return keys["secret_key"], secret


async def test_a_business_of_its_own_is_told_at_the_address_that_it_is_shown(till: TillHouse, shop: Tenant) -> None:
    key, _ = await _own_account(till, shop, "ofitsown1")
    payment = await till.paid(shop)
    assert payment["status"] == "succeeded"
    intents = await till.stripe.client_with(key).payment_intents.list_async()
    assert [intent.id for intent in intents.data] == [payment["intentId"]]


async def test_a_trial_of_an_account_asks_the_provider(till: TillHouse, shop: Tenant) -> None:
    path = "/tenants/me/integrations/stripe"
    found = []
    await _own_account(till, shop, "ofitsown5")
    keys = {"publishableKey": "pk_test_ofitsown5", "secretKey": "sk_test_ofitsown5"}
    for changed in (
        {},
        {"webhookSecret": None},
        {"secretKey": "sk_test_ofnobody"},
        {"publishableKey": "pk_live_ofnobody"},
    ):
        await till.asked(shop, "PUT", path, json={**keys, **changed})
        tried = (await till.asked(shop, "POST", f"{path}/test")).json()
        found.append((tried["status"], tried["detail"]))
    assert found == [
        ("working", "answered"), ("working", "no_webhook_secret"), ("failed", "refused_login"),
        ("failed", "keys_of_two_modes"),
    ]  # fmt: skip


async def test_a_business_that_tells_of_another_is_refused_noted_and_raises_an_alert(
    till: TillHouse, shop: Tenant
) -> None:
    _, secret = await _own_account(till, shop, "ofitsown2")
    other, ours = await new_tenant(till.desk), f"{PLATFORM}/{shop.id}"
    theirs = await till.an_intent(other, (await till.an_invoice(other))["id"])
    instruments = await till.desk.container.get(Instruments)
    seen = rules_of_the_api(ObservingSettings.read(Variables({})), instruments)[FOREIGN_WEBHOOKS]
    before = await seen() or 0
    for intent, named in ((theirs["intentId"], None), ("pi_1", other), (theirs["intentId"], shop)):
        stranger = _succeeded(intent, named)
        assert (await _post(till, stranger, path=ours, secret=secret)).status_code == 401
        assert (await _post(till, stranger, path=f"{PLATFORM}/{other.id}", secret=secret)).status_code == 401
    alert = Alarm(FOREIGN_WEBHOOKS, source="api", now=datetime.now(UTC)).look(await seen(), datetime.now(UTC))
    assert alert is not None
    assert (alert.state, alert.value - before) == (State.RAISED, 3)
    noted = "select changes->'reason'->>1 as why from audit_log where tenant_id = $1 and action = 'webhook.refused'"
    assert [each["why"] for each in await rows(till.desk.database.admin, noted, shop.id)] == ["another_business"] * 3
    kept = "select 1 from inbox where tenant_id = any ($1)"
    assert await rows(till.desk.database.admin, kept, [shop.id, other.id]) == []
    assert (await till.payment(other, theirs["paymentId"]))["status"] == "pending"
    assert (await _post(till, _succeeded("pi_2", shop), path=ours, secret=secret)).status_code == 200


def _succeeded(intent: str, named: Tenant | None) -> bytes:
    metadata = {"tenantId": str(named.id)} if named else {}
    about = {
        "object": "payment_intent", "id": intent, "status": "succeeded", "amount": 100, "amount_received": 100,
        "currency": "usd", "metadata": metadata,
    }  # fmt: skip
    event = {"id": f"evt_{new_id()}", "type": "payment_intent.succeeded", "created": 1, "data": {"object": about}}
    return json.dumps(event).encode()


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


async def test_what_is_live_is_not_taken_for_a_test_nor_the_reverse(till: TillHouse, shop: Tenant) -> None:
    _, events = await _story(till, shop, "4242424242424242")
    live = json.dumps({**json.loads(events[-1]), "livemode": True}).encode()
    assert (await _post(till, live)).status_code == 401
    assert (await _post(till, events[-1])).status_code == 200
    _, secret = await _own_account(till, shop, "ofitsown3", mode="live")
    path, test = f"{PLATFORM}/{shop.id}", _succeeded("pi_3", shop)
    real = json.dumps({**json.loads(test), "livemode": True}).encode()
    answers = [await _post(till, body, path=path, secret=secret) for body in (test, real)]
    assert [answer.status_code for answer in answers] == [401, 200]


async def test_a_body_that_cannot_be_read_is_refused_once_it_is_proven(till: TillHouse, shop: Tenant) -> None:
    _, secret = await _own_account(till, shop, "ofitsown4")
    deep = b"[" * 40 + b"]" * 40
    bodies = [
        b'{"id": "a", "id": "b"}', b'{"id": "\\u0000", "type": "a.b", "created": 1, "data": {"object": {}}}',
        b"not json", b"\xff\xfe", deep, b"[]", b"",
    ]  # fmt: skip
    for path in ADDRESSES:
        for address, known in ((path, WEBHOOK_SECRET), (f"{path}/{shop.id}", secret)):
            for body in bodies:
                assert (await _post(till, body, path=address, secret=known)).status_code == 400, body
                assert (await _post(till, body, path=address, secret="whsec_of_nobody")).status_code == 401, body
            for odd in ({"Content-Encoding": "gzip"}, {"Content-Type": "text/plain"}):
                refused = await _post(till, b"{}", path=address, secret=known, headers=odd)
                assert refused.status_code == 415, odd


@pytest.mark.parametrize(
    ("kind", "odd"),
    [
        ("payment_intent.succeeded", {"id": 5}),
        ("payment_intent.created", {"id": ["pi_1"]}),
        ("payment_intent.succeeded", {"id": "p" * 256}),
        ("payment_intent.succeeded", {"amount_received": 2**53}),
        ("payment_intent.succeeded", {"amount_received": "100"}),
        ("payment_intent.succeeded", {"currency": "usdollars"}),
        ("charge.updated", {"object": "charge", "payment_intent": {"id": "pi_1"}}),
        ("refund.updated", {"object": "refund", "payment_intent": "pi_1", "amount": 0}),
        ("charge.dispute.closed", {"object": "dispute", "payment_intent": "pi_1", "amount": -5}),
    ],
)
async def test_a_business_that_signs_what_stripe_never_says_is_refused(
    till: TillHouse, shop: Tenant, kind: str, odd: dict[str, Any]
) -> None:
    _, secret = await _own_account(till, shop, "ofitsown5")
    event = json.loads(_succeeded("pi_1", None))
    about = {**event["data"]["object"], **odd}
    body = json.dumps({**event, "type": kind, "data": {"object": about}}).encode()
    answer = await _post(till, body, path=f"{PLATFORM}/{shop.id}", secret=secret)
    assert (answer.status_code, answer.json()["code"]) == (400, "validation_error")


async def test_a_body_without_an_end_is_not_read_to_its_end(till: TillHouse) -> None:
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield b" " * 65_536

    headers = {"Content-Type": "application/json", "Stripe-Signature": "t=1,v1=0"}
    async with till.desk.client() as client:
        answer = await client.post(PLATFORM, content=endless(), headers=headers)
    assert (answer.status_code, taken < 32) == (413, True)

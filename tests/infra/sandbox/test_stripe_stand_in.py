"""The stand-in for Stripe, spoken to by Stripe's own SDK."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import stripe

from domains.shared.currencies import CURRENT
from infra.sandbox.stripe.amounts import CHARGED_IN
from infra.stripe.amounts import is_taken
from tests.support.stripe_stand_in import PUBLISHABLE_KEY, WEBHOOK_SECRET, StripeHouse, stripe_house

ASKED = {"amount": 12_500, "currency": "usd", "metadata": {"tenantId": "t-1"}}


@pytest.fixture
async def house() -> AsyncIterator[StripeHouse]:
    async with stripe_house() as found:
        yield found


async def _intent(house: StripeHouse, **more: Any) -> Any:
    return await house.client.payment_intents.create_async({**ASKED, **more})


async def _kinds(house: StripeHouse) -> list[str]:
    events = await house.client.events.list_async({"limit": 100})
    return [event.type for event in reversed(events.data)]


async def test_it_charges_in_the_currencies_in_which_we_ask(house: StripeHouse) -> None:
    assert {currency.upper() for currency in CHARGED_IN} == {currency for currency in CURRENT if is_taken(currency)}
    with pytest.raises(stripe.InvalidRequestError):
        await _intent(house, currency="dem")


async def test_an_intent_is_asked_for_paid_and_listed(house: StripeHouse) -> None:
    intent = await _intent(house)
    assert (intent.status, intent.amount, intent.metadata["tenantId"]) == ("requires_payment_method", 12_500, "t-1")
    paid = await house.client.payment_intents.confirm_async(intent.id, {"payment_method": "pm_card_visa"})
    assert (paid.status, paid.amount_received) == ("succeeded", 12_500)
    charge = await house.client.charges.retrieve_async(paid.latest_charge)
    line = await house.client.balance_transactions.retrieve_async(charge.balance_transaction)
    assert (line.amount, line.fee, line.net) == (12_500, 392, 12_108)
    assert await _kinds(house) == ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]


@pytest.mark.parametrize(
    ("method", "code", "decline_code"),
    [
        ("pm_card_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", None),
    ],
)
async def test_a_card_is_declined_and_another_one_is_taken(
    house: StripeHouse, method: str, code: str, decline_code: str | None
) -> None:
    intent = await _intent(house)
    with pytest.raises(stripe.CardError) as refusal:
        await house.client.payment_intents.confirm_async(intent.id, {"payment_method": method})
    assert (refusal.value.code, refusal.value.http_status) == (code, 402)
    found = await house.client.payment_intents.retrieve_async(intent.id)
    assert found.status == "requires_payment_method"
    assert found.last_payment_error.decline_code == decline_code
    assert "payment_intent.payment_failed" in await _kinds(house)
    paid = await house.client.payment_intents.confirm_async(intent.id, {"payment_method": "pm_card_visa"})
    assert paid.status == "succeeded"


@pytest.mark.parametrize(("succeeds", "status"), [(True, "succeeded"), (False, "requires_payment_method")])
async def test_a_bank_wants_its_customer_to_confirm(house: StripeHouse, succeeds: bool, status: str) -> None:
    intent = await _intent(house)
    waiting = await house.client.payment_intents.confirm_async(
        intent.id, {"payment_method": "pm_card_authenticationRequired"}
    )
    assert waiting.status == "requires_action"
    page = waiting.next_action.redirect_to_url.url
    async with httpx.AsyncClient() as browser:
        assert "Confirm the payment" in (await browser.get(page)).text
        await browser.post(page, data={"succeeds": "yes" if succeeds else "no"})
    assert (await house.client.payment_intents.retrieve_async(intent.id)).status == status


async def test_a_page_pays_with_the_publishable_key_and_the_secret_of_the_intent_only(house: StripeHouse) -> None:
    intent = await _intent(house)
    page = house.client_with(PUBLISHABLE_KEY)
    with pytest.raises(stripe.InvalidRequestError):
        await page.payment_intents.confirm_async(intent.id, {"payment_method": "pm_card_visa"})
    with pytest.raises(stripe.AuthenticationError):
        await page.payment_intents.list_async()
    order: dict[str, Any] = {"client_secret": intent.client_secret, "payment_method": "pm_card_visa"}
    assert (await page.payment_intents.confirm_async(intent.id, order)).status == "succeeded"


async def test_no_more_is_refunded_than_was_paid(house: StripeHouse) -> None:
    intent = await _intent(house, confirm=True, payment_method="pm_card_visa")
    first = await house.client.refunds.create_async({"payment_intent": intent.id, "amount": 5_000})
    assert first.status == "succeeded"
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded amount"):
        await house.client.refunds.create_async({"payment_intent": intent.id, "amount": 7_501})
    rest = await house.client.refunds.create_async({"payment_intent": intent.id})
    assert rest.amount == 7_500
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        await house.client.refunds.create_async({"payment_intent": intent.id})
    assert refusal.value.code == "charge_already_refunded"
    assert len((await house.client.refunds.list_async({"payment_intent": intent.id})).data) == 2


async def test_a_disputed_charge_is_decided(house: StripeHouse) -> None:
    intent = await _intent(house, confirm=True, payment_method="pm_card_createDispute")
    (dispute,) = (await house.client.disputes.list_async({"payment_intent": intent.id})).data
    assert (dispute.status, dispute.amount) == ("needs_response", 12_500)
    await house.control("close-dispute", dispute=dispute.id, won=True)
    assert (await house.client.disputes.retrieve_async(dispute.id)).status == "won"
    assert (await _kinds(house))[-2:] == ["charge.dispute.funds_reinstated", "charge.dispute.closed"]


async def test_a_key_stands_for_one_request(house: StripeHouse) -> None:
    key = {"idempotency_key": "k-1"}
    first = await house.client.payment_intents.create_async(ASKED, key)
    again = await house.client.payment_intents.create_async(ASKED, key)
    assert again.id == first.id
    with pytest.raises(stripe.IdempotencyError):
        await house.client.payment_intents.create_async({**ASKED, "amount": 1}, key)
    assert len((await house.client.payment_intents.list_async()).data) == 1


async def test_lists_go_page_by_page(house: StripeHouse) -> None:
    made = [(await _intent(house)).id for _ in range(7)]
    pages = await house.client.payment_intents.list_async({"limit": 3})
    found = [intent.id async for intent in pages.auto_paging_iter()]
    assert found == made[::-1]


async def test_who_has_no_key_is_refused_and_who_asks_too_often(house: StripeHouse) -> None:
    with pytest.raises(stripe.AuthenticationError):
        await house.client_with("sk_test_nobody000").payment_intents.list_async()
    await house.control("faults", kind="rate_limit")
    with pytest.raises(stripe.RateLimitError):
        await house.client.payment_intents.list_async()
    await house.control("faults", kind="error")
    with pytest.raises(stripe.APIError):
        await _intent(house)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        await house.client.payment_intents.retrieve_async("pi_nothing")
    assert refusal.value.code == "resource_missing"


async def test_what_was_done_and_not_answered_is_found_by_its_key(house: StripeHouse) -> None:
    hasty = house.client_with("sk_test_platform0001", timeout=0.3)
    await house.control("faults", kind="timeout")
    with pytest.raises(stripe.APIConnectionError):
        await hasty.payment_intents.create_async(ASKED, {"idempotency_key": "k-2"})
    again = await house.client.payment_intents.create_async(ASKED, {"idempotency_key": "k-2"})
    assert [intent.id for intent in (await house.client.payment_intents.list_async()).data] == [again.id]


async def test_webhooks_are_signed_repeated_and_disturbed_on_demand() -> None:
    came: list[str] = []
    answers = iter([500])

    def hook(request: httpx.Request) -> httpx.Response:
        status = next(answers, 200)
        event = stripe.Webhook.construct_event(request.content, request.headers["stripe-signature"], WEBHOOK_SECRET)
        came.append(f"{event.type} {status}")
        return httpx.Response(status)

    client = httpx.AsyncClient(transport=httpx.MockTransport(hook))
    async with stripe_house(url="https://desk.example/webhook", webhooks=client) as house:
        await _intent(house)
        await house.deliver()
        assert came == ["payment_intent.created 500"]
        await house.control("send-again", event=(await house.control("deliveries"))[0]["event"])
        await house.deliver()
        assert came[1:] == ["payment_intent.created 200"]
        for kind, wanted in (("duplicate", 2), ("loss", 0)):
            came.clear()
            await house.control("faults", kind=kind)
            await _intent(house)
            await house.deliver()
            assert len(came) == wanted

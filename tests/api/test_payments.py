"""Payments over HTTP, with the stand-in for Stripe on the other side."""

import asyncio

import httpx
import pytest

from tests.faults.payment_books import differences
from tests.support.papers import found_all, said_in
from tests.support.payments import Json, TillHouse
from tests.support.people import Tenant

TOTAL = 12_000


async def test_an_invoice_is_paid_by_card(till: TillHouse, shop: Tenant) -> None:
    invoice = await till.an_invoice(shop)
    intent = await till.an_intent(shop, invoice["id"])
    assert (intent["amount"], intent["currency"], intent["status"]) == (TOTAL, "USD", "pending")
    assert intent["clientSecret"].startswith(intent["intentId"])
    assert intent["publishableKey"].startswith("pk_test_")
    await till.stripe.pay(intent["intentId"])
    await till.settle()
    payment = await till.payment(shop, intent["paymentId"])
    assert (payment["status"], payment["appliedAmount"], payment["method"]) == ("succeeded", TOTAL, "card")
    paid = await till.invoice(shop, invoice["id"])
    assert (paid["status"], paid["amountPaid"], paid["amountDue"]) == ("paid", TOTAL, 0)
    assert await till.balances(shop) == {"stripe": TOTAL, "revenue": -10_000, "tax": -2_000}


@pytest.mark.parametrize(
    ("currency", "due", "there", "back"),
    [("ISK", 5_000, 500_000, 1_000), ("KWD", 12_340, 12_340, 1_230), ("MGA", 500_000, 5_000, 100_000)],
)
async def test_a_provider_that_counts_a_currency_otherwise_takes_as_much(
    till: TillHouse, shop: Tenant, currency: str, due: int, there: int, back: int
) -> None:
    items = [{"description": "Work", "unitPrice": due, "taxes": []}]
    payment = await till.paid(shop, currency=currency, items=items)
    told = await till.stripe.client.payment_intents.retrieve_async(payment["intentId"])
    assert (told.amount_received, payment["amount"], payment["appliedAmount"]) == (there, due, due)
    refund = await till.asked(shop, "POST", f"/payments/{payment['id']}/refund", json={"amount": back})
    assert (refund.status_code, refund.json()["status"]) == (201, "succeeded")
    listed = await till.stripe.client.refunds.list_async({"payment_intent": payment["intentId"]})
    assert [each.amount * due for each in listed.data] == [back * there]
    await till.settle()
    assert (await till.balances(shop))["stripe"] == due - back


@pytest.mark.parametrize(
    ("currency", "due", "why"),
    [
        ("KWD", 12_345, "invalid_charge_amount"),
        ("MGA", 12_345, "amount_not_whole"),
        ("SYP", 12_345, "not charged in SYP"),
        ("USD", 49, "amount_too_small"),
    ],
)
async def test_what_the_provider_never_takes_is_refused_and_said_why(
    till: TillHouse, shop: Tenant, currency: str, due: int, why: str
) -> None:
    items = [{"description": "Work", "unitPrice": due, "taxes": []}]
    invoice = await till.an_invoice(shop, currency=currency, items=items)
    body = {"invoiceId": invoice["id"]}
    answer = await till.asked(shop, "POST", "/payments/create-intent", json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert why in answer.json()["detail"]


async def test_there_is_one_open_intent_for_an_invoice_and_another_amount_replaces_it(
    till: TillHouse, shop: Tenant
) -> None:
    invoice = await till.an_invoice(shop)
    body, key = {"invoiceId": invoice["id"]}, {"Idempotency-Key": "one"}
    asked = [
        await till.asked(shop, "POST", "/payments/create-intent", json=body, headers=headers)
        for headers in (key, key, {})
    ]
    assert [answer.status_code for answer in asked] == [201, 201, 200]
    assert [answer.headers.get("Idempotency-Replayed") for answer in asked] == [None, "true", None]
    first = asked[0].json()
    assert asked[0].headers["Location"] == f"/api/v1/payments/{first['paymentId']}"
    same = await asyncio.gather(*(till.an_intent(shop, invoice["id"]) for _ in range(5)))
    assert {each["intentId"] for each in same} == {first["intentId"]}
    other = await till.an_intent(shop, invoice["id"], amount=5_000)
    assert other["intentId"] != first["intentId"]
    await till.settle()
    assert (await till.payment(shop, first["paymentId"]))["status"] == "cancelled"
    await till.stripe.pay(other["intentId"])
    await till.settle()
    assert (await till.invoice(shop, invoice["id"]))["amountDue"] == TOTAL - 5_000


async def test_a_declined_card_is_told_and_another_may_be_tried(till: TillHouse, shop: Tenant) -> None:
    invoice = await till.an_invoice(shop)
    intent = await till.an_intent(shop, invoice["id"])
    await till.stripe.pay(intent["intentId"], "4000000000009995")
    await till.settle()
    failed = await till.payment(shop, intent["paymentId"])
    assert (failed["status"], failed["failureCode"]) == ("failed", "insufficient_funds")
    assert (await till.an_intent(shop, invoice["id"]))["intentId"] == intent["intentId"]
    await till.stripe.pay(intent["intentId"])
    await till.settle()
    assert (await till.payment(shop, intent["paymentId"]))["status"] == "succeeded"


async def test_no_more_is_taken_than_is_due(till: TillHouse, shop: Tenant) -> None:
    invoice = await till.an_invoice(shop)
    answer = await till.asked(
        shop, "POST", "/payments/create-intent", json={"invoiceId": invoice["id"], "amount": TOTAL + 1}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "overpayment")
    path = f"/invoices/{invoice['id']}/payments"
    more = await till.asked(shop, "POST", path, json={"amount": TOTAL + 1, "method": "cash"})
    assert (more.status_code, more.json()["code"]) == (422, "overpayment")
    answers = await asyncio.gather(
        *(till.asked(shop, "POST", path, json={"amount": 5_000, "method": "cash"}) for _ in range(8))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 201, 422, 422, 422, 422, 422, 422]
    assert (await till.invoice(shop, invoice["id"]))["amountDue"] == 2_000


async def test_what_is_paid_in_cash_ends_the_intent_that_asks_for_it(till: TillHouse, shop: Tenant) -> None:
    invoice = await till.an_invoice(shop)
    intent = await till.an_intent(shop, invoice["id"])
    paid = await till.asked(shop, "PATCH", f"/invoices/{invoice['id']}/status", json={"status": "paid"})
    assert paid.json()["status"] == "paid"
    await till.settle()
    assert (await till.payment(shop, intent["paymentId"]))["status"] == "cancelled"
    listed = (await till.asked(shop, "GET", f"/invoices/{invoice['id']}/payments")).json()["items"]
    assert [(each["method"], each["status"]) for each in listed] == [("other", "succeeded"), ("card", "cancelled")]
    assert await till.balances(shop) == {"cash": TOTAL, "revenue": -10_000, "tax": -2_000}


async def test_what_comes_twice_is_kept_and_can_be_refunded(till: TillHouse, shop: Tenant) -> None:
    invoice = await till.an_invoice(shop)
    intent = await till.an_intent(shop, invoice["id"])
    await till.stripe.pay(intent["intentId"])
    path = f"/invoices/{invoice['id']}/payments"
    await till.asked(shop, "POST", path, json={"amount": TOTAL, "method": "transfer"})
    await till.settle()
    payment = await till.payment(shop, intent["paymentId"])
    assert (payment["status"], payment["appliedAmount"], payment["unappliedAmount"]) == ("succeeded", 0, TOTAL)
    assert (await till.balances(shop))["unapplied"] == -TOTAL
    refund = await till.asked(shop, "POST", f"/payments/{payment['id']}/refund", json={})
    assert refund.json()["status"] == "succeeded"
    assert (await till.invoice(shop, invoice["id"]))["status"] == "paid"
    assert await till.balances(shop) == {"cash": TOTAL, "revenue": -10_000, "tax": -2_000}


async def test_what_comes_for_a_cancelled_invoice_is_more_than_was_due(till: TillHouse, shop: Tenant) -> None:
    customer = await till.asked(shop, "POST", "/customers", json={"name": "Ada", "emails": ["late@pays.example"]})
    invoice = await till.an_invoice(shop, customerId=customer.json()["id"])
    intent = await till.an_intent(shop, invoice["id"])
    await till.stripe.pay(intent["intentId"])
    await till.asked(shop, "PATCH", f"/invoices/{invoice['id']}/status", json={"status": "cancelled"})
    await till.settle()
    [letter] = till.desk.mail_to("late@pays.example")
    assert "$120.00 of what came is more than was due." in letter.text
    assert "still open" not in letter.text
    receipt = await till.asked(shop, "GET", f"/payments/{intent['paymentId']}/receipt")
    wanted = ("Paid $120.00", "Of it more than was due $120.00", "Amount due $0.00")
    assert found_all(wanted, said_in(receipt.content)) == []
    assert await till.balances(shop) == {"stripe": TOTAL, "unapplied": -TOTAL}


async def test_a_payment_is_given_back_in_parts_and_never_beyond_what_was_paid(till: TillHouse, shop: Tenant) -> None:
    payment = await till.paid(shop)
    path = f"/payments/{payment['id']}/refund"
    first = await till.asked(shop, "POST", path, json={"amount": 5_000, "reason": "duplicate"})
    assert (first.status_code, first.json()["status"]) == (201, "succeeded")
    shown = await till.asked(shop, "GET", first.headers["Location"].removeprefix("/api/v1"))
    assert (shown.json(), shown.headers["ETag"]) == (first.json(), f'"{first.json()["version"]}"')
    await till.settle()
    assert (await till.payment(shop, payment["id"]))["status"] == "partially_refunded"
    answers = await asyncio.gather(*(till.asked(shop, "POST", path, json={"amount": 4_000}) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201, 422, 422, 422, 422, 422]
    rest = await till.asked(shop, "POST", path, json={})
    assert rest.json()["amount"] == 3_000
    await till.settle()
    gone = await till.payment(shop, payment["id"])
    assert (gone["status"], gone["refundedAmount"]) == ("refunded", TOTAL)
    listed = (await till.asked(shop, "GET", f"{path}s?limit=2")).json()
    assert [each["amount"] for each in listed["items"]] == [3_000, 4_000]
    rest = (await till.asked(shop, "GET", f"{path}s", params={"limit": 2, "cursor": listed["nextCursor"]})).json()
    assert ([each["id"] for each in rest["items"]], rest["nextCursor"]) == ([first.json()["id"]], None)
    assert await till.balances(shop) == {"receivable": TOTAL, "revenue": -10_000, "tax": -2_000}
    assert (await till.invoice(shop, payment["invoiceId"]))["amountDue"] == TOTAL


@pytest.mark.parametrize(("won", "status", "due"), [(True, "succeeded", 0), (False, "disputed", TOTAL)])
async def test_a_dispute_is_followed(till: TillHouse, shop: Tenant, won: bool, status: str, due: int) -> None:
    invoice = await till.an_invoice(shop)
    intent = await till.an_intent(shop, invoice["id"])
    await till.stripe.pay(intent["intentId"], "4000000000000259")
    await till.settle()
    assert (await till.payment(shop, intent["paymentId"]))["status"] == "disputed"
    refused = await till.asked(shop, "POST", f"/payments/{intent['paymentId']}/refund", json={})
    assert refused.json()["code"] == "invalid_transition"
    disputes = await till.stripe.client.disputes.list_async({"payment_intent": intent["intentId"]})
    await till.stripe.control("close-dispute", dispute=disputes.data[0].id, won=won)
    await till.settle()
    assert (await till.payment(shop, intent["paymentId"]))["status"] == status
    assert (await till.invoice(shop, invoice["id"]))["amountDue"] == due


@pytest.mark.parametrize(("refunded", "amounts", "lost"), [
    (2_000, [(TOTAL, False)], 2_000),
    (TOTAL, [(TOTAL, False)], TOTAL),
    (0, [(7_000, False), (7_000, False)], 2_000),
    (0, [(7_000, False), (7_000, True)], 0),
    (0, [(TOTAL + 500, False)], 500),
    (2_000, [(TOTAL, True)], 0),
])  # fmt: skip
async def test_what_a_dispute_takes_beyond_what_is_left_is_a_loss(
    till: TillHouse, shop: Tenant, refunded: int, amounts: list[tuple[int, bool]], lost: int
) -> None:
    payment = await till.paid(shop)
    if refunded:
        await till.asked(shop, "POST", f"/payments/{payment['id']}/refund", json={"amount": refunded})
    opened = [await _contested(till, payment, amount) for amount, _ in amounts]
    await till.settle()
    assert (await till.balances(shop))["stripe"] == TOTAL - refunded - sum(amount for amount, _ in amounts)
    for dispute, (_, won) in zip(opened, amounts, strict=True):
        await till.stripe.control("close-dispute", dispute=dispute, won=won)
    await till.settle()
    gone = sum(amount for amount, won in amounts if not won)
    due = min(TOTAL, refunded + gone)
    books = {"stripe": TOTAL - refunded - gone, "receivable": due, "losses": lost, "revenue": -10_000, "tax": -2_000}
    assert await till.balances(shop) == {account: balance for account, balance in books.items() if balance}
    shown = await till.payment(shop, payment["id"])
    assert shown["status"] == ("disputed" if gone else "partially_refunded")
    assert shown["appliedAmount"] == TOTAL - due
    assert (await till.invoice(shop, payment["invoiceId"]))["amountDue"] == due
    assert await _unlike(till, payment) == []


async def test_a_refund_that_comes_back_covers_what_a_dispute_took_beyond_it(till: TillHouse, shop: Tenant) -> None:
    payment = await till.paid(shop)
    path = f"/payments/{payment['id']}/refund"
    await till.asked(shop, "POST", path, json={"amount": 2_000})
    refund = (await till.stripe.client.refunds.list_async({"payment_intent": payment["intentId"]})).data[0].id
    dispute = await _contested(till, payment, TOTAL - 500)
    await till.stripe.control("close-dispute", dispute=dispute, won=False)
    await till.settle()
    assert (await till.balances(shop))["losses"] == 1_500
    await till.stripe.control("fail-refund", refund=refund)
    await till.settle()
    assert await till.balances(shop) == {
        "stripe": 500, "receivable": TOTAL - 500, "revenue": -10_000, "tax": -2_000,
    }  # fmt: skip
    assert await _unlike(till, payment) == []


async def test_a_payment_stays_disputed_while_any_of_its_disputes_does(till: TillHouse, shop: Tenant) -> None:
    payment = await till.paid(shop)
    first, second = [await _contested(till, payment, 1_000) for _ in range(2)]
    await till.stripe.control("close-dispute", dispute=second, won=True)
    await till.settle()
    assert (await till.payment(shop, payment["id"]))["status"] == "disputed"
    await till.stripe.control("close-dispute", dispute=first, won=True)
    await till.settle()
    assert (await till.payment(shop, payment["id"]))["status"] == "succeeded"


async def _contested(till: TillHouse, payment: Json, amount: int) -> str:
    return str((await till.stripe.control("dispute", intent=payment["intentId"], amount=amount))["id"])


async def _unlike(till: TillHouse, payment: Json) -> list[str]:
    """What the provider's book and ours do not say alike of a payment, its changes of the balance among it."""
    found = await differences(till.desk.database.admin, till.stripe.stand_in.book)
    return [each for each in found if payment["intentId"] in each]


@pytest.mark.parametrize("kind", ["error", "lost", "timeout"])
async def test_an_answer_that_is_lost_charges_nobody_twice(till: TillHouse, shop: Tenant, kind: str) -> None:
    invoice = await till.an_invoice(shop)
    await till.stripe.control("faults", kind=kind, path="/v1/payment_intents")
    body = {"invoiceId": invoice["id"]}
    refused = await till.asked(shop, "POST", "/payments/create-intent", json=body)
    assert (refused.status_code, refused.json()["code"]) == (502, "provider_error")
    intent = await till.an_intent(shop, invoice["id"])
    assert len((await till.asked(shop, "GET", "/payments")).json()["items"]) == 1
    made = await till.stripe.client.payment_intents.list_async({"limit": 100})
    assert [each.id for each in made.data if each.metadata["invoiceId"] == invoice["id"]] == [intent["intentId"]]
    await till.stripe.pay(intent["intentId"])
    await till.settle()
    assert (await till.invoice(shop, invoice["id"]))["status"] == "paid"


async def test_a_repeated_request_refunds_once(till: TillHouse, shop: Tenant) -> None:
    payment = await till.paid(shop)
    path, headers = f"/payments/{payment['id']}/refund", {"Idempotency-Key": "once"}
    at_once = await asyncio.gather(
        *(till.asked(shop, "POST", path, json={"amount": 100}, headers=headers) for _ in range(8))
    )
    assert {answer.status_code for answer in at_once} <= {201, 409}
    again = await till.asked(shop, "POST", path, json={"amount": 100}, headers=headers)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert {answer.json()["id"] for answer in at_once if answer.is_success} == {again.json()["id"]}
    other = await till.asked(shop, "POST", path, json={"amount": 200}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert (await till.payment(shop, payment["id"]))["refundedAmount"] == 100


async def test_whoever_has_the_link_of_an_invoice_pays_it(till: TillHouse, shop: Tenant) -> None:
    invoice = await till.an_invoice(shop)
    token = invoice["publicUrl"].partition("token=")[2]
    async with till.desk.client() as client:
        path, key = f"/public/invoices/{token}/pay", {"Idempotency-Key": "one"}
        answers = [await client.post(path, json={}, headers=headers) for headers in (key, key, {})]
        part = await client.post(path, json={"amount": 1_000})
    assert [answer.status_code for answer in (*answers, part)] == [201, 201, 200, 201]
    assert len({answer.json()["paymentId"] for answer in answers}) == 1
    await till.stripe.pay(part.json()["intentId"])
    await till.settle()
    assert (await till.invoice(shop, invoice["id"]))["status"] == "partially_paid"


async def test_the_sandbox_shows_intents_pays_them_and_disturbs(till: TillHouse, shop: Tenant) -> None:
    intent = await till.an_intent(shop, (await till.an_invoice(shop))["id"])
    async with till.desk.root_client() as client:
        shown = (await client.get("/sandbox/payments")).json()["items"]
        assert (shown[0]["intentId"], shown[0]["amount"], shown[0]["currency"]) == (intent["intentId"], TOTAL, "USD")
        path = f"/sandbox/payments/{intent['intentId']}/confirm"
        declined = await client.post(path, json={"card": "4000000000000002"})
        assert declined.json()["status"] == "requires_payment_method"
        asked = (await client.post(path, json={"card": "4000002500003155"})).json()
        assert asked["status"] == "requires_action"
        async with httpx.AsyncClient() as browser:
            assert (await browser.post(asked["redirectUrl"], data={"succeeds": "yes"})).status_code == 200
        assert (await client.post(path, json={})).status_code == 404
        fault = {"provider": "stripe", "kind": "duplicate", "times": 2}
        assert (await client.post("/sandbox/faults", json=fault)).status_code == 204
    await till.settle()
    assert (await till.payment(shop, intent["paymentId"]))["status"] == "succeeded"


async def test_the_timeline_and_a_letter_tell_of_a_payment(till: TillHouse, shop: Tenant) -> None:
    customer = (
        await till.asked(shop, "POST", "/customers", json={"name": "Ada", "emails": ["ada@pays.example"]})
    ).json()
    await till.paid(shop, customerId=customer["id"])
    entries = (await till.asked(shop, "GET", f"/customers/{customer['id']}/timeline")).json()["items"]
    assert {"payment_created", "payment_succeeded", "invoice_paid"} <= {entry["kind"] for entry in entries}
    assert any("Receipt for invoice" in mail.subject for mail in till.desk.mail_to("ada@pays.example"))

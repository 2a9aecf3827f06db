"""Deposits over HTTP: from the quote to the rest, by card and otherwise, on paper and in the customer's account."""

from datetime import timedelta

import pytest

from infra.documents.labels import labels_by
from infra.documents.wording import Wording
from tests.support.days import steady_monday
from tests.support.invoices import an_accepted_quote, credited, invoice_moved
from tests.support.papers import found_all, said_in
from tests.support.payments import Json, TillHouse
from tests.support.people import Tenant
from tests.support.quotes import ITEM, a_customer
from tests.support.stories import events_of

WORDS = Wording("en", "USD", labels_by(str))
DAYS = (steady_monday(weeks=5), steady_monday(weeks=5) + timedelta(weeks=4))
SOON, LATER = map(str, DAYS)
DEPOSIT = {"deposit": {"percent": "25"}}


def stands(invoice: Json) -> tuple[str, int, int, int]:
    return invoice["status"], invoice["depositDue"], invoice["amountAsked"], invoice["amountDue"]


async def charged(till: TillHouse, shop: Tenant) -> Json:
    """The invoice of a quote with a deposit of 30.00 of 120.00, with an option that was not chosen."""
    option = {**ITEM, "description": "Warranty", "optional": True, "selected": True}
    customer = await a_customer(till.desk, shop, emails=[f"grace@{shop.slug}.example.com"])
    quote = await an_accepted_quote(till.desk, shop, customerId=customer, items=[ITEM, option], **DEPOSIT)
    assert (quote["depositAmount"], quote["deposit"]) == (6_000, {"percent": "25"})
    answer = await till.asked(shop, "POST", f"/quotes/{quote['id']}/convert")
    path, body = f"/invoices/{answer.json()['id']}", {"items": [ITEM], "dueDate": LATER, "depositDueDate": SOON}
    assert answer.json()["depositAmount"] == 6_000
    changed = await till.asked(shop, "PATCH", path, json=body)
    assert (changed.status_code, changed.json()["depositAmount"]) == (200, 3_000)
    sent = await till.asked(shop, "POST", f"{path}/send")
    assert sent.status_code == 200, sent.text
    return dict(sent.json())


async def test_the_link_asks_for_the_deposit_and_then_for_the_rest(till: TillHouse, shop: Tenant) -> None:
    invoice = await charged(till, shop)
    token = invoice["publicUrl"].rpartition("token=")[2]
    assert stands(invoice) == ("sent", 3_000, 3_000, 12_000)
    bills, asked = [], []
    async with till.desk.client() as anyone:
        for _ in range(2):
            bills.append((await anyone.get(f"/public/invoices/{token}")).json())
            intent = (await anyone.post(f"/public/invoices/{token}/pay", json={})).json()
            asked.append(intent["amount"])
            await till.stripe.pay(intent["intentId"])
            await till.settle()
    assert asked == [3_000, 9_000]
    assert [(bill["amountAsked"], bill["depositDue"]) for bill in bills] == [(3_000, 3_000), (9_000, 0)]
    now = await till.invoice(shop, invoice["id"])
    assert (now["status"], now["depositPaid"], now["amountPaid"]) == ("paid", 3_000, 12_000)
    assert await till.balances(shop) == {"stripe": 12_000, "revenue": -10_000, "tax": -2_000}
    told = [event["type"] for event in await events_of(till.desk, shop) if str(event["subject_id"]) == invoice["id"]]
    assert told[-3:] == ["invoice.deposit_paid", "invoice.partially_paid", "invoice.paid"]
    timeline = await till.asked(shop, "GET", f"/customers/{invoice['customerId']}/timeline")
    assert "invoice_deposit_paid" in {entry["kind"] for entry in timeline.json()["items"]}


async def test_all_of_it_may_be_paid_at_once_and_a_refund_asks_for_the_deposit_again(
    till: TillHouse, shop: Tenant
) -> None:
    invoice = await charged(till, shop)
    intent = await till.an_intent(shop, invoice["id"], amount=12_000)
    await till.stripe.pay(intent["intentId"])
    await till.settle()
    assert stands(await till.invoice(shop, invoice["id"])) == ("paid", 0, 0, 0)
    refund = await till.asked(shop, "POST", f"/payments/{intent['paymentId']}/refund", json={"amount": 11_000})
    assert refund.json()["status"] == "succeeded"
    now = await till.invoice(shop, invoice["id"])
    assert (stands(now), now["depositPaidAt"] is None) == (("partially_paid", 2_000, 2_000, 11_000), False)
    await credited(till.desk, shop, invoice["id"], amount=10_500)
    assert stands(await till.invoice(shop, invoice["id"])) == ("partially_paid", 500, 500, 500)


async def test_it_is_in_the_letters_and_on_the_papers(till: TillHouse, shop: Tenant) -> None:
    invoice = await charged(till, shop)
    await till.desk.follow_up()
    (mail,) = till.desk.mail_to(f"grace@{shop.slug}.example.com")
    days = [WORDS.day(day) for day in DAYS]
    assert f"pay a deposit of $30.00 by {days[0]}, and the rest of $90.00 by {days[1]}." in mail.text
    pdf = await till.asked(shop, "GET", f"/invoices/{invoice['id']}/pdf")
    wanted = (f"Deposit due on {days[0]}", "Deposit $30.00", "Amount due $120.00", "Of it due as a deposit $30.00")
    assert found_all(wanted, said_in(pdf.content)) == []
    paid = {"amount": 3_000, "method": "cash"}
    assert (await till.asked(shop, "POST", f"/invoices/{invoice['id']}/payments", json=paid)).status_code == 201
    later = said_in((await till.asked(shop, "GET", f"/invoices/{invoice['id']}/pdf")).content)
    assert found_all(("Deposit $30.00", "Amount due $90.00"), later) == []
    assert "as a deposit" not in later


async def test_what_is_to_be_paid_soon_has_the_deposits_of_what_is_due_later(till: TillHouse, shop: Tenant) -> None:
    invoice = await charged(till, shop)
    listed = [(await till.asked(shop, "GET", "/invoices", params={"dueBy": day})).json() for day in (SOON, LATER)]
    assert [[each["id"] for each in page["items"]] for page in listed] == [[invoice["id"]]] * 2
    await till.asked(shop, "POST", f"/invoices/{invoice['id']}/payments", json={"amount": 3_000, "method": "cash"})
    listed = [(await till.asked(shop, "GET", "/invoices", params={"dueBy": day})).json() for day in (SOON, LATER)]
    assert [len(page["items"]) for page in listed] == [0, 1]


@pytest.mark.parametrize("deposit", [{"amount": 12_001}, {"percent": "100.1"}, {"percent": "0"}, {"amount": 0}, {}])
@pytest.mark.parametrize("kind", ["quotes", "invoices"])
async def test_one_that_is_no_share_of_the_total_is_refused(
    till: TillHouse, shop: Tenant, kind: str, deposit: Json
) -> None:
    body = {"customerId": await a_customer(till.desk, shop), "items": [ITEM]}
    answer = await till.asked(shop, "POST", f"/{kind}", json={**body, "deposit": deposit})
    assert (answer.status_code, answer.json()["errors"][0]["field"].startswith("deposit")) == (400, True)
    taken = await till.asked(shop, "POST", f"/{kind}", json={**body, "deposit": {"amount": 12_000}})
    assert (taken.status_code, taken.json()["depositAmount"]) == (201, 12_000)


async def test_who_chooses_less_pays_no_more_than_that_first(till: TillHouse, shop: Tenant) -> None:
    option = {**ITEM, "description": "Warranty", "optional": True, "selected": True}
    body = {"customerId": await a_customer(till.desk, shop), "items": [ITEM, option], "deposit": {"amount": 20_000}}
    quote = (await till.asked(shop, "POST", "/quotes", json=body)).json()
    sent = await till.asked(shop, "PATCH", f"/quotes/{quote['id']}/status", json={"status": "sent"})
    token = sent.json()["publicUrl"].rpartition("token=")[2]
    signed = {"name": "Grace", "signature": "Grace", "optionalItemIds": []}
    async with till.desk.client() as anyone:
        shown = (await anyone.get(f"/public/quotes/{token}")).json()
        accepted = (await anyone.post(f"/public/quotes/{token}/accept", json=signed)).json()
    assert (shown["depositAmount"], accepted["depositAmount"], accepted["total"]) == (20_000, 12_000, 12_000)
    made = await till.asked(shop, "POST", f"/quotes/{quote['id']}/convert")
    invoice = await invoice_moved(till.desk, shop, made.json()["id"], "sent")
    assert (invoice["status"], invoice["depositAmount"]) == ("sent", 12_000)

"""From an empty business to money on the books: all of it over HTTP, the card by the stand-in for Stripe."""

import re
from collections.abc import AsyncIterator
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from tests.support.databases import TestDatabase
from tests.support.payments import TillHouse, till_house
from tests.support.registrations import an_address, an_order, mailed_code

Json = dict[str, Any]

NEW_YORK = ZoneInfo("America/New_York")
HOURS = {"monday": [{"opens": "09:00", "closes": "17:00"}]}
TOLD = (
    "customer_created",
    "appointment_booked",
    "appointment_completed",
    "quote_sent",
    "quote_accepted",
    "quote_converted",
    "invoice_issued",
    "invoice_paid",
    "payment_succeeded",
)


@pytest.fixture
async def till(database: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[TillHouse]:
    async with till_house(database, tmp_path_factory.mktemp("journey")) as running:
        yield running


async def test_a_visit_becomes_a_quote_an_invoice_and_a_receipt(till: TillHouse) -> None:
    house = till.desk
    owner, guest = an_address(), an_address()
    async with house.client() as anybody:
        await said(anybody, 202, "POST", "/auth/register", an_order(owner, timezone="America/New_York"))
        code = await mailed_code(house, owner)
        session = await said(anybody, 200, "POST", "/auth/verify-email", {"email": owner, "code": code})
        async with house.client(session["accessToken"]) as desk:
            slug = (await said(desk, 200, "GET", "/tenants/me"))["slug"]
            booked = await booked_online(desk, anybody, slug, staff=session["user"]["id"], guest=guest)
            visit = (await said(desk, 200, "GET", "/appointments"))["items"][0]
            customer = visit["customerId"]
            await said(desk, 200, "PATCH", f"/appointments/{visit['id']}/status", {"status": "completed"})
            assert (await said(anybody, 200, "GET", f"/public/bookings/{booked['token']}"))["status"] == "completed"
            invoice = await invoiced(till, desk, anybody, customer)
            await paid_by_card(till, desk, anybody, invoice, guest)
            timeline = await said(desk, 200, "GET", f"/customers/{customer}/timeline?limit=50")
    kinds = [entry["kind"] for entry in reversed(timeline["items"])]
    assert [kind for kind in kinds if kind in TOLD] == list(TOLD)


async def booked_online(
    desk: httpx.AsyncClient, anybody: httpx.AsyncClient, slug: str, *, staff: str, guest: str
) -> Json:
    """A stranger's visit, at the first time that the business offers on a Monday: nine by its own clocks."""
    await said(desk, 200, "PUT", f"/staff/{staff}/hours", {"hours": HOURS})
    service = {"name": "Boiler inspection", "durationMinutes": 60, "staffIds": [staff], "bookableOnline": True}
    made = await said(desk, 201, "POST", "/services", service)
    shop = f"/public/tenants/{slug}"
    today = datetime.now(NEW_YORK).date()
    monday = today + timedelta(days=14 - today.weekday())
    asked = f"{shop}/availability?serviceId={made['id']}&from={monday}&to={monday}"
    first = (await said(anybody, 200, "GET", asked))["slots"][0]
    assert datetime.fromisoformat(first["startsAt"]) == datetime.combine(monday, time(9), NEW_YORK)
    order = {"serviceId": made["id"], "startsAt": first["startsAt"], "name": "Grace Hopper", "email": guest}
    return await said(anybody, 201, "POST", f"{shop}/bookings", order)


async def invoiced(till: TillHouse, desk: httpx.AsyncClient, anybody: httpx.AsyncClient, customer: str) -> Json:
    """The invoice of a quote that the customer has accepted, sent."""
    items = [
        {"description": "Boiler inspection", "quantity": "1.5", "unitPrice": 12000, "taxRate": "8.875"},
        {"description": "Descaling", "quantity": "1", "unitPrice": 4500, "taxRate": "8.875", "optional": True},
    ]
    quote = await said(desk, 201, "POST", "/quotes", {"customerId": customer, "items": items})
    assert quote["total"] == 18_000 + 1_598
    sent = await said(desk, 200, "POST", f"/quotes/{quote['id']}/send", {})
    token = sent["publicUrl"].rpartition("token=")[2].rpartition("/")[2]
    offered = await said(anybody, 200, "GET", f"/public/quotes/{token}")
    signed = {
        "name": "Grace Hopper", "signature": "Grace Hopper", "optionalItemIds": [offered["items"][1]["id"]],
    }  # fmt: skip
    accepted = await said(anybody, 200, "POST", f"/public/quotes/{token}/accept", signed)
    assert accepted["total"] == 22_500 + 1_997
    invoice = await said(desk, 201, "POST", f"/quotes/{quote['id']}/convert", {})
    assert (await said(desk, 200, "POST", f"/quotes/{quote['id']}/convert", {}))["id"] == invoice["id"]
    await said(desk, 200, "POST", f"/invoices/{invoice['id']}/send", {})
    await till.settle()
    return await said(desk, 200, "GET", f"/invoices/{invoice['id']}")


async def paid_by_card(
    till: TillHouse, desk: httpx.AsyncClient, anybody: httpx.AsyncClient, invoice: Json, guest: str
) -> None:
    """Paid from the page of the letter's link, with a card; the provider's webhook tells of it, a receipt follows."""
    [asking] = [mail for mail in till.desk.mail_to(guest) if invoice["number"] in mail.text]
    [link] = re.findall(r"https?://\S+", asking.text)[-1:]
    token = re.split(r"[=/]", link)[-1]
    assert (await said(anybody, 200, "GET", f"/public/invoices/{token}"))["amountDue"] == invoice["total"] == 24_497
    intent = await said(anybody, 201, "POST", f"/public/invoices/{token}/pay", {})
    await till.stripe.pay(intent["intentId"])
    assert (await said(desk, 200, "GET", f"/invoices/{invoice['id']}"))["status"] == "sent"
    await till.settle()
    paid = await said(desk, 200, "GET", f"/invoices/{invoice['id']}")
    assert (paid["status"], paid["amountPaid"], paid["amountDue"]) == ("paid", 24_497, 0)
    [payment] = (await said(desk, 200, "GET", f"/invoices/{invoice['id']}/payments"))["items"]
    assert (payment["status"], payment["method"]) == ("succeeded", "card")
    told = [mail.text for mail in till.desk.mail_to(guest) if invoice["number"] in mail.text]
    told.remove(asking.text)
    assert ["244.97" in receipt for receipt in told] == [True]
    balances = (await said(desk, 200, "GET", "/payments/ledger/balances"))["items"]
    assert sum(each["balance"] for each in balances) == 0


async def said(client: httpx.AsyncClient, status: int, method: str, path: str, body: Json | None = None) -> Json:
    answer = await client.request(method, path, json=body)
    assert answer.status_code == status, (method, path, answer.text)
    return dict(answer.json())

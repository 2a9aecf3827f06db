"""From the form to the money: a business registers, is booked, quotes, bills, is paid by card, and sees all of it."""

from pathlib import Path
from typing import Any

import httpx

from tests.support.calendars import EVERY_DAY
from tests.support.databases import TestDatabase
from tests.support.payments import TillHouse, till_house
from tests.support.registrations import an_address, an_order, mailed_code

CUSTOMER = "ada@journey.example"
ITEM = {"description": "Replace the boiler", "unitPrice": 250_000, "taxes": [{"name": "VAT", "rate": "20"}]}


async def test_from_the_form_to_the_receipt(own_database: TestDatabase, tmp_path: Path) -> None:
    async with till_house(own_database, tmp_path) as till:
        token = await _registered(till)
        async with till.desk.client(token) as business, till.desk.client() as public:
            visit = await _booked(business, public)
            customer = visit["customerId"]
            await _said(business, "PATCH", f"/appointments/{visit['id']}/status", {"status": "confirmed"})
            quote = await _said(business, "POST", "/quotes", {"customerId": customer, "items": [ITEM]})
            await _said(business, "POST", f"/quotes/{quote['id']}/send", None)
            link = (await _said(business, "GET", f"/quotes/{quote['id']}", None))["publicUrl"].partition("token=")[2]
            await _said(public, "POST", f"/public/quotes/{link}/accept", {"name": "Ada", "signature": "Ada Lovelace"})
            invoice = await _said(business, "POST", f"/quotes/{quote['id']}/convert", None)
            sent = await _said(business, "POST", f"/invoices/{invoice['id']}/send", None)
            bill = sent["publicUrl"].partition("token=")[2]
            intent = await _said(public, "POST", f"/public/invoices/{bill}/pay", {})
            assert (intent["amount"], intent["status"]) == (300_000, "pending")
            async with till.desk.root_client() as sandbox:
                await sandbox.post(f"/sandbox/payments/{intent['intentId']}/confirm", json={})
            await till.settle()
            paid = await _said(business, "GET", f"/invoices/{invoice['id']}", None)
            assert (paid["status"], paid["amountDue"]) == ("paid", 0)
            entries = (await _said(business, "GET", f"/customers/{customer}/timeline?limit=100", None))["items"]
        kinds = [entry["kind"] for entry in entries]
        for kind in ("appointment_booked", "quote_accepted", "quote_converted", "invoice_issued", "payment_succeeded",
                     "invoice_paid"):  # fmt: skip
            assert kind in kinds
        assert any("Receipt" in mail.subject for mail in till.desk.mail_to(CUSTOMER))


async def _registered(till: TillHouse) -> str:
    email = an_address()
    async with till.desk.client() as client:
        await client.post("/auth/register", json=an_order(email))
        code = await mailed_code(till.desk, email)
        answer = await client.post("/auth/verify-email", json={"email": email, "code": code})
    return str(answer.json()["accessToken"])


async def _booked(business: httpx.AsyncClient, public: httpx.AsyncClient) -> dict[str, Any]:
    """A visit that a stranger books online."""
    owner = (await _said(business, "GET", "/users/me", None))["id"]
    slug = (await _said(business, "GET", "/tenants/me", None))["slug"]
    offered = {"name": "Inspection", "durationMinutes": 60, "staffIds": [owner], "bookableOnline": True}
    service = await _said(business, "POST", "/services", offered)
    await _said(business, "PUT", f"/staff/{owner}/hours", {"hours": EVERY_DAY})
    policy = {"noticeMinutes": 0, "stepMinutes": 30, "horizonDays": 730}
    await _said(business, "PATCH", "/appointments/policy", policy)
    day = {"serviceId": service["id"], "from": "2027-03-01", "to": "2027-03-01"}
    slots = (await public.get(f"/public/tenants/{slug}/availability", params=day)).json()["slots"]
    body = {"serviceId": service["id"], "startsAt": slots[0]["startsAt"], "name": "Ada Lovelace", "email": CUSTOMER}
    await _said(public, "POST", f"/public/tenants/{slug}/bookings", body)
    return dict((await _said(business, "GET", "/appointments", None))["items"][0])


async def _said(client: httpx.AsyncClient, method: str, path: str, body: Any) -> dict[str, Any]:
    answer = await client.request(method, path, json=body)
    assert answer.is_success, f"{path}: {answer.text}"
    return dict(answer.json())

"""Invoices over HTTP: drafted, sent under their numbers, paid, cancelled, and seen by their customers."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.support.house import House
from tests.support.invoices import an_invoice, asked, credited, invoice_moved, issued, shown
from tests.support.people import Tenant
from tests.support.quotes import ITEM, a_customer
from tests.support.stories import events_of, inspector

YEAR = datetime.now(UTC).year


async def test_its_sums_are_ours_and_all_of_it_is_due(house: House, tenant: Tenant) -> None:
    made = await an_invoice(house, tenant, discount={"percent": "10"}, dueDate="2999-12-31")
    assert (made["status"], made["number"], made["publicUrl"], made["issuedAt"]) == ("draft", None, None, None)
    assert (made["subtotal"], made["discountTotal"], made["taxTotal"], made["total"]) == (10_000, 1_000, 1_800, 10_800)
    assert (made["amountPaid"], made["amountCredited"], made["amountDue"]) == (0, 0, 10_800)
    assert made == await shown(house, tenant, made["id"])


async def test_a_draft_changes_and_goes_and_what_was_sent_does_not(house: House, tenant: Tenant) -> None:
    made = await an_invoice(house, tenant)
    path = f"/invoices/{made['id']}"
    changed = (await asked(house, tenant, "PATCH", path, json={"items": [ITEM, ITEM], "dueDate": "2999-01-31"})).json()
    assert (changed["total"], changed["amountDue"], changed["dueDate"]) == (24_000, 24_000, "2999-01-31")
    stale = await asked(house, tenant, "PATCH", path, json={"notes": "x"}, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    sent = await invoice_moved(house, tenant, made["id"], "sent")
    for answer in (
        await asked(house, tenant, "PATCH", path, json={"notes": "x"}),
        await asked(house, tenant, "DELETE", path),
    ):
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_transition")
    assert await shown(house, tenant, made["id"]) == sent
    other = await an_invoice(house, tenant)
    assert (await asked(house, tenant, "DELETE", f"/invoices/{other['id']}")).status_code == 204
    assert (await asked(house, tenant, "GET", f"/invoices/{other['id']}")).status_code == 404


async def test_it_is_due_after_the_businesss_own_terms(house: House, tenant: Tenant) -> None:
    await asked(house, tenant, "PATCH", "/tenants/me", json={"invoicing": {"paymentDays": 14}, "timezone": "UTC"})
    sent = await issued(house, tenant)
    assert sent["number"] == f"INV-{YEAR}-00001"
    assert sent["dueDate"] == (datetime.now(UTC).date() + timedelta(days=14)).isoformat()
    assert sent["issuedAt"] == sent["sentAt"] is not None
    async with inspector(house) as admin:
        due = "select due_at from work.envelopes where kind = 'invoices.fall_due' and subject_id = $1"
        (row,) = await admin.fetch(due, UUID(sent["id"]))
    assert row["due_at"].date().isoformat() == (datetime.now(UTC).date() + timedelta(days=15)).isoformat()


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"paymentDays": 366}, "invoicing.paymentDays", "too_large"),
    ({"reminderDays": [5, 3]}, "invoicing.reminderDays", "not_ascending"),
    ({"reminderDays": [0]}, "invoicing.reminderDays[0]", "too_small"),
]


@pytest.mark.parametrize(("invoicing", "field", "code"), WRONG)
async def test_terms_that_are_none(house: House, tenant: Tenant, invoicing: Any, field: str, code: str) -> None:
    answer = await asked(house, tenant, "PATCH", "/tenants/me", json={"invoicing": invoicing})
    assert [(each["field"], each["code"]) for each in answer.json()["errors"]] == [(field, code)]


async def test_what_cannot_be_sent(house: House, tenant: Tenant) -> None:
    empty = await an_invoice(house, tenant, items=[])
    late = await an_invoice(house, tenant, dueDate="2020-01-01")
    for made, status, code in ((empty, 400, "validation_error"), (late, 422, "deadline_passed")):
        answer = await asked(house, tenant, "PATCH", f"/invoices/{made['id']}/status", json={"status": "sent"})
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert await shown(house, tenant, made["id"]) == made


async def in_status(house: House, tenant: Tenant, status: str) -> dict[str, Any]:
    if status == "draft":
        return await an_invoice(house, tenant)
    made = await issued(house, tenant)
    return made if status == "sent" else await invoice_moved(house, tenant, made["id"], status)


ALLOWED = {("draft", "sent"), ("sent", "paid"), ("sent", "cancelled")}


@pytest.mark.parametrize("status", ["draft", "sent", "paid", "cancelled"])
async def test_only_the_ways_that_there_are(house: House, tenant: Tenant, status: str) -> None:
    for wanted in ("draft", "sent", "partially_paid", "overdue", "paid", "cancelled"):
        made = await in_status(house, tenant, status)
        answer = await asked(house, tenant, "PATCH", f"/invoices/{made['id']}/status", json={"status": wanted})
        if wanted == status:
            assert (answer.status_code, answer.json()) == (200, made)
        elif (status, wanted) in ALLOWED:
            assert (answer.status_code, answer.json()["status"]) == (200, wanted)
            assert answer.json() == await shown(house, tenant, made["id"])
        else:
            assert (answer.status_code, answer.json()["code"]) == (422, "invalid_transition"), (status, wanted)
            assert await shown(house, tenant, made["id"]) == made


async def test_what_is_paid_is_not_due_and_not_cancelled(house: House, tenant: Tenant) -> None:
    paid = await in_status(house, tenant, "paid")
    assert (paid["amountPaid"], paid["amountDue"], paid["paidAt"] is not None) == (12_000, 0, True)
    sent = await issued(house, tenant)
    await credited(house, tenant, sent["id"], amount=1)
    answer = await asked(house, tenant, "PATCH", f"/invoices/{sent['id']}/status", json={"status": "cancelled"})
    assert answer.json()["code"] == "invalid_transition"


async def test_what_comes_to_nothing_is_paid_when_it_is_sent(house: House, tenant: Tenant) -> None:
    sent = await issued(house, tenant, discount={"percent": "100"})
    assert (sent["status"], sent["total"], sent["amountDue"]) == ("paid", 0, 0)


async def test_of_many_that_are_sent_at_once_each_has_a_number_of_its_own(house: House, tenant: Tenant) -> None:
    customer = await a_customer(house, tenant)
    made = [await an_invoice(house, tenant, customerId=customer) for _ in range(20)]
    sent = await asyncio.gather(*(invoice_moved(house, tenant, each["id"], "sent") for each in made))
    assert sorted(each["number"] for each in sent) == [f"INV-{YEAR}-{at:05}" for at in range(1, 21)]


async def test_it_is_mailed_with_a_link_under_which_its_customer_sees_it(house: House, tenant: Tenant) -> None:
    address = f"begona@{tenant.slug}.example.com"
    customer = await a_customer(house, tenant, name="Begoña", emails=[address], preferredLanguage="es")
    made = await an_invoice(house, tenant, customerId=customer, dueDate="2999-12-31", notes="Gracias.")
    path = f"/invoices/{made['id']}/send"
    _, answer = [await asked(house, tenant, "POST", path, headers={"Idempotency-Key": "k"}) for _ in range(2)]
    sent = await shown(house, tenant, made["id"])
    assert (answer.status_code, answer.json(), answer.headers["Idempotency-Replayed"]) == (200, sent, "true")
    await house.follow_up()
    (letter,) = house.mail_to(address)
    assert letter.subject == f"Factura {sent['number']} de {tenant.slug}"
    for part in ("Hola, Begoña", "120,00", sent["publicUrl"], "31 de diciembre de 2999"):
        assert part in letter.text
    token = sent["publicUrl"].partition("#token=")[2]
    async with house.client() as stranger:
        bill = (await stranger.get(f"/public/invoices/{token}")).json()
        assert (await stranger.get(f"/public/invoices/{token[:-1]}x")).status_code == 404
        assert (await stranger.get(f"/public/quotes/{token}")).status_code == 404
        paper = await stranger.get(f"/public/invoices/{token}/pdf")
    of_staff = await asked(house, tenant, "GET", f"/invoices/{made['id']}/pdf")
    assert (paper.status_code, paper.content) == (200, of_staff.content)
    assert {name: sent[name] for name in bill if name != "business"} == {
        name: value for name, value in bill.items() if name != "business"
    }
    assert not {"id", "customerId", "publicUrl", "version"} & bill.keys()


async def test_what_is_paid_is_mailed_again_and_asks_for_nothing(house: House, tenant: Tenant) -> None:
    address = f"grace@{tenant.slug}.example.com"
    invoice = await issued(house, tenant, customerId=await a_customer(house, tenant, emails=[address]))
    await invoice_moved(house, tenant, invoice["id"], "paid")
    await asked(house, tenant, "POST", f"/invoices/{invoice['id']}/send")
    await house.follow_up()
    texts = [letter.text for letter in house.mail_to(address) if "here is invoice" in letter.text]
    assert [("Nothing is left to pay." in text, "Please pay" in text) for text in texts] == [(True, False)]


async def test_who_has_no_address_gets_no_letter_and_what_is_cancelled_is_not_sent(
    house: House, tenant: Tenant
) -> None:
    made = await an_invoice(house, tenant)
    answer = await asked(house, tenant, "POST", f"/invoices/{made['id']}/send")
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    customer = await a_customer(house, tenant, emails=["somebody@example.com"])
    gone = await invoice_moved(house, tenant, (await issued(house, tenant, customerId=customer))["id"], "cancelled")
    answer = await asked(house, tenant, "POST", f"/invoices/{gone['id']}/send")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_transition")


async def test_lists_are_narrowed(house: House, tenant: Tenant) -> None:
    customer = await a_customer(house, tenant, name="Zacharias Holzapfel")
    first = await issued(house, tenant, customerId=customer, dueDate="2998-01-01")
    second = await issued(house, tenant, dueDate="2999-01-01", notes="Kellertür")
    draft = await an_invoice(house, tenant, dueDate="2998-01-01")
    wanted = {
        "status=draft": [draft],
        f"customerId={customer}": [first],
        "dueBy=2998-06-01": [first],
        "dueBy=2999-01-01": [second, first],
        "search=kellertur": [second],
        "search=Holzapfel": [first],
        f"search={first['number']}": [first],
        "to=2020-01-01": [],
        "": [draft, second, first],
    }
    for query, expected in wanted.items():
        page = (await asked(house, tenant, "GET", f"/invoices?{query}")).json()
        assert [each["id"] for each in page["items"]] == [each["id"] for each in expected], query


async def test_its_story_is_told(house: House, tenant: Tenant) -> None:
    sent = await issued(house, tenant)
    await credited(house, tenant, sent["id"], amount=2_000, reason="Late")
    await invoice_moved(house, tenant, sent["id"], "paid")
    events = [event for event in await events_of(house, tenant) if event["subject_id"] == UUID(sent["id"])]
    kinds = ["invoice.created", "invoice.issued", "invoice.credited", "invoice.paid"]
    assert [event["type"] for event in events] == kinds
    parts = [{"rate": "20", "base": 10_000, "amount": 2_000}]
    issue, credit = (json.loads(events[at]["data"]) for at in (1, 2))
    assert [issue[name] for name in ("net", "taxes", "total")] == [10_000, parts, 12_000]
    assert credit["taxes"] == [{"rate": "20", "base": 1_667, "amount": 333}]
    timeline = (await asked(house, tenant, "GET", f"/customers/{sent['customerId']}/timeline")).json()["items"]
    told = [entry["kind"].replace("_", ".", 1) for entry in timeline if entry["subjectId"] == sent["id"]]
    assert told == kinds[::-1]


async def test_an_erased_customers_invoice_stays_without_its_words_and_its_link(house: House, tenant: Tenant) -> None:
    customer = await a_customer(house, tenant, name="Zacharias", emails=["zach@example.com"])
    item = {**ITEM, "description": "For Zacharias"}
    sent = await issued(house, tenant, customerId=customer, items=[item], notes="Zacharias")
    draft = await an_invoice(house, tenant, customerId=customer, items=[item])
    assert (await asked(house, tenant, "POST", f"/customers/{customer}/erase")).status_code == 204
    kept = await shown(house, tenant, sent["id"])
    assert (kept["number"], kept["total"], kept["publicUrl"]) == (sent["number"], sent["total"], None)
    assert "Zacharias" not in str(kept)
    async with house.client() as stranger:
        path = f"/public/invoices/{sent['publicUrl'].partition('#token=')[2]}"
        for gone in (await stranger.get(path), await stranger.get(f"{path}/pdf")):
            assert (gone.status_code, gone.json()["code"]) == (410, "expired")
    for answer in (
        await asked(house, tenant, "PATCH", f"/invoices/{draft['id']}/status", json={"status": "sent"}),
        await asked(house, tenant, "POST", f"/invoices/{draft['id']}/send"),
    ):
        assert answer.status_code == 404

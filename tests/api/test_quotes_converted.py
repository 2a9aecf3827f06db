"""From quote to invoice: once, and to the cent."""

import asyncio
from uuid import UUID

from tests.support.house import House
from tests.support.invoices import an_accepted_quote, asked, invoice_moved, shown
from tests.support.people import Tenant
from tests.support.quotes import ITEM, a_quote, moved
from tests.support.stories import events_of


async def test_it_becomes_a_draft_that_comes_to_the_same(house: House, tenant: Tenant) -> None:
    option = {**ITEM, "optional": True}
    items = [ITEM, {**option, "selected": True, "description": "Chosen"}, {**option, "description": "Not chosen"}]
    quote = await an_accepted_quote(house, tenant, items=items, discount={"amount": 333}, notes="Ring", terms="30 days")
    answer = await asked(house, tenant, "POST", f"/quotes/{quote['id']}/convert")
    invoice = answer.json()
    assert (answer.status_code, answer.headers["Location"]) == (201, f"/api/v1/invoices/{invoice['id']}")
    for name in ("customerId", "currency", "subtotal", "discountTotal", "taxTotal", "taxes", "total", "notes", "terms"):
        assert invoice[name] == quote[name], name
    assert (invoice["status"], invoice["quoteId"], invoice["amountDue"]) == ("draft", quote["id"], quote["total"])
    assert [item["description"] for item in invoice["items"]] == ["Replace the tap", "Chosen"]
    assert {item["optional"] for item in invoice["items"]} == {False}
    again = await asked(house, tenant, "POST", f"/quotes/{quote['id']}/convert")
    assert (again.status_code, again.json()) == (200, invoice)
    now = (await asked(house, tenant, "GET", f"/quotes/{quote['id']}")).json()
    assert (now["invoiceId"], now["version"]) == (invoice["id"], quote["version"] + 1)
    sent = await invoice_moved(house, tenant, invoice["id"], "sent")
    assert (sent["total"], sent["number"][-5:]) == (quote["total"], "00001")


async def test_of_twenty_who_convert_at_once_all_get_one_invoice(house: House, tenant: Tenant) -> None:
    quote = await an_accepted_quote(house, tenant)
    answers = await asyncio.gather(*(asked(house, tenant, "POST", f"/quotes/{quote['id']}/convert") for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len((await asked(house, tenant, "GET", "/invoices")).json()["items"]) == 1
    told = [event["type"] for event in await events_of(house, tenant) if event["subject_id"] == UUID(quote["id"])]
    assert told.count("quote.converted") == 1


async def test_the_first_answer_comes_again_with_its_key(house: House, tenant: Tenant) -> None:
    quote = await an_accepted_quote(house, tenant)
    first, again = [
        await asked(house, tenant, "POST", f"/quotes/{quote['id']}/convert", headers={"Idempotency-Key": "k"})
        for _ in range(2)
    ]
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert again.headers["Idempotency-Replayed"] == "true"


async def test_only_what_was_accepted(house: House, tenant: Tenant) -> None:
    draft = await a_quote(house, tenant)
    sent = await moved(house, tenant, (await a_quote(house, tenant))["id"], "sent")
    rejected = await moved(
        house, tenant, (await moved(house, tenant, (await a_quote(house, tenant))["id"], "sent"))["id"], "rejected"
    )
    for quote in (draft, sent, rejected):
        answer = await asked(house, tenant, "POST", f"/quotes/{quote['id']}/convert")
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_transition")
    assert (await asked(house, tenant, "GET", "/invoices")).json()["items"] == []


async def test_a_draft_that_is_deleted_makes_room_for_another(house: House, tenant: Tenant) -> None:
    quote = await an_accepted_quote(house, tenant)
    first = (await asked(house, tenant, "POST", f"/quotes/{quote['id']}/convert")).json()
    assert (await asked(house, tenant, "DELETE", f"/invoices/{first['id']}")).status_code == 204
    assert (await asked(house, tenant, "GET", f"/quotes/{quote['id']}")).json()["invoiceId"] is None
    second = await asked(house, tenant, "POST", f"/quotes/{quote['id']}/convert")
    assert (second.status_code, second.json()["id"] != first["id"]) == (201, True)
    assert await shown(house, tenant, second.json()["id"]) == second.json()

"""Credit notes over HTTP: never more than is due, and to the cent in each tax."""

import asyncio
import random
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.support.house import House
from tests.support.invoices import asked, credited, invoice_moved, issued, shown
from tests.support.people import Tenant
from tests.support.quotes import ITEM

YEAR = datetime.now(UTC).year
BOTH = [{"name": "X", "rate": "5"}, {"name": "Y", "rate": "7.5"}]
MIXED: list[dict[str, Any]] = [
    {"description": "A", "quantity": "3", "unitPrice": 3_333, "taxRate": "8.875"},
    {"description": "B", "quantity": "1.5", "unitPrice": 777, "taxes": BOTH},
    {"description": "C", "unitPrice": 1_999, "taxes": [], "discount": {"amount": 99}},
]  # fmt: skip


async def test_all_that_is_due_is_given_up_under_a_number_of_its_own(house: House, tenant: Tenant) -> None:
    sent = await issued(house, tenant)
    note = await credited(house, tenant, sent["id"], reason=" Faulty ")
    assert (note["number"], note["total"], note["subtotal"], note["reason"]) == (
        f"CN-{YEAR}-00001", 12_000, 10_000, "Faulty",
    )  # fmt: skip
    now = await shown(house, tenant, sent["id"])
    assert (now["amountCredited"], now["amountDue"], now["status"]) == (12_000, 0, "paid")
    assert (await asked(house, tenant, "GET", f"/credit-notes/{note['id']}")).json() == note
    assert (await asked(house, tenant, "GET", f"/invoices/{sent['id']}/credit-notes")).json()["items"] == [note]
    again = await asked(house, tenant, "POST", f"/invoices/{sent['id']}/credit-notes", json={})
    assert (again.status_code, again.json()["code"]) == (422, "invalid_transition")


@pytest.mark.parametrize("body", [{"amount": 12_001}, {"amount": 12_000}])
async def test_no_more_than_is_due(house: House, tenant: Tenant, body: dict[str, Any]) -> None:
    sent = await issued(house, tenant)
    await credited(house, tenant, sent["id"], amount=1)
    answer = await asked(house, tenant, "POST", f"/invoices/{sent['id']}/credit-notes", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "overpayment")
    assert (await shown(house, tenant, sent["id"]))["amountDue"] == 11_999


async def test_only_of_what_was_sent(house: House, tenant: Tenant) -> None:
    sent = await issued(house, tenant)
    await invoice_moved(house, tenant, sent["id"], "cancelled")
    answer = await asked(house, tenant, "POST", f"/invoices/{sent['id']}/credit-notes", json={"amount": 1})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_transition")


async def test_of_many_at_once_none_goes_beyond(house: House, tenant: Tenant) -> None:
    sent = await issued(house, tenant)
    path = f"/invoices/{sent['id']}/credit-notes"
    answers = await asyncio.gather(*(asked(house, tenant, "POST", path, json={"amount": 5_000}) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [201] * 2 + [422] * 8
    assert (await shown(house, tenant, sent["id"]))["amountDue"] == 2_000


def parts(document: dict[str, Any]) -> dict[tuple[str, str], int]:
    return {(tax["name"], tax["rate"]): tax["amount"] for tax in document["taxes"]}


@pytest.mark.parametrize("seed", range(4))
async def test_amounts_and_items_come_to_the_invoice_in_each_tax(house: House, tenant: Tenant, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - chance of a test, no secret
    inclusive, discount = bool(seed % 2), {"percent": "7"} if seed < 2 else {"amount": 1_234}
    sent = await issued(house, tenant, items=MIXED, pricesIncludeTax=inclusive, discount=discount)
    notes, due = [], sent["total"]
    orders: list[dict[str, Any]] = [
        {"items": [{"itemId": sent["items"][0]["id"], "quantity": "1"}, {"itemId": sent["items"][2]["id"]}]},
        {"amount": chance.randint(1, 500)},
        {"items": [{"itemId": sent["items"][1]["id"], "quantity": "0.5"}]},
        {},
    ]
    for order in orders:
        notes.append(await credited(house, tenant, sent["id"], **order))
        due -= notes[-1]["total"]
        assert notes[-1]["total"] == notes[-1]["subtotal"] + notes[-1]["taxTotal"]
        assert (await shown(house, tenant, sent["id"]))["amountDue"] == due
    assert due == 0
    assert sum(note["subtotal"] for note in notes) == sent["subtotal"] - sent["discountTotal"]
    for tax, amount in parts(sent).items():
        assert sum(parts(note).get(tax, 0) for note in notes) == amount


async def test_items_alone_come_to_what_they_were_charged(house: House, tenant: Tenant) -> None:
    sent = await issued(house, tenant, items=[ITEM, {**ITEM, "quantity": "3", "discount": {"percent": "50"}}])
    one, other = (item["id"] for item in sent["items"])
    note = await credited(house, tenant, sent["id"], items=[{"itemId": other, "quantity": "1"}])
    assert (note["total"], note["subtotal"], note["items"][0]["quantity"]) == (6_000, 5_000, "1")
    assert (await credited(house, tenant, sent["id"], items=[{"itemId": one}]))["total"] == 12_000
    assert (await credited(house, tenant, sent["id"], items=[{"itemId": other}]))["total"] == 12_000
    assert (await shown(house, tenant, sent["id"]))["status"] == "paid"


async def test_no_more_of_an_item_than_there_is(house: House, tenant: Tenant) -> None:
    sent = await issued(house, tenant)
    item = sent["items"][0]["id"]
    for items, field, code in (
        ([{"itemId": item, "quantity": "1.001"}], "items[0].quantity", "out_of_range"),
        ([{"itemId": item, "quantity": "0"}], "items[0].quantity", "out_of_range"),
        ([{"itemId": item}, {"itemId": item}], "items[1].itemId", "unknown"),
        ([{"itemId": sent["id"]}], "items[0].itemId", "unknown"),
    ):
        answer = await asked(house, tenant, "POST", f"/invoices/{sent['id']}/credit-notes", json={"items": items})
        assert [(each["field"], each["code"]) for each in answer.json()["errors"]] == [(field, code)]

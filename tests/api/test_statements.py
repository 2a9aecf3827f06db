"""Statements of customers' accounts, and receipts, over HTTP: every movement once, to the cent, and on paper."""

from typing import Any

import pytest

from domains.billing import LARGEST
from domains.payments import EntryKind
from infra.documents.labels import labels_by
from infra.documents.wording import Wording
from infra.postgres.customer_accounts import MOVEMENTS
from tests.support.house import House
from tests.support.invoices import asked, credited, issued, shown
from tests.support.papers import found_all, said_in
from tests.support.people import Tenant
from tests.support.quotes import a_customer
from tests.support.stories import inspector

Json = dict[str, Any]
_AGAIN = """
    with entries as (
        insert into ledger_entries (tenant_id, id, kind, source_id, invoice_id, currency, occurred_at)
        select tenant_id, gen_random_uuid(), 'invoice_issued', gen_random_uuid(), invoice_id, currency, occurred_at
        from ledger_entries, generate_series(1, 1100) where tenant_id = $1 and invoice_id = $2
        returning tenant_id, id, currency
    )
    insert into ledger_postings (tenant_id, entry_id, account, currency, amount)
    select e.tenant_id, e.id, p.account, e.currency, p.amount from entries e
    cross join (select distinct account, amount from ledger_postings where tenant_id = $1) p returning entry_id
"""
WORDS = Wording("en", "USD", labels_by(str))


async def statement(house: House, tenant: Tenant, customer: str, **query: str) -> Json:
    answer = await asked(house, tenant, "GET", f"/customers/{customer}/statement", params=query)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def paid(house: House, tenant: Tenant, invoice: str, amount: int) -> Json:
    body = {"amount": amount, "method": "cheque"}
    answer = await asked(house, tenant, "POST", f"/invoices/{invoice}/payments", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def movements(told: Json) -> list[tuple[str, int, int]]:
    return [(entry["movement"], entry["change"], entry["balance"]) for entry in told["entries"]]


async def test_every_movement_is_there_and_the_balance_is_what_is_due(house: House, tenant: Tenant) -> None:
    customer = await a_customer(house, tenant)
    first, second = [await issued(house, tenant, customerId=customer) for _ in range(2)]
    payment = await paid(house, tenant, first["id"], 5_000)
    await credited(house, tenant, second["id"], amount=2_000)
    refund = await asked(house, tenant, "POST", f"/payments/{payment['id']}/refund", json={"amount": 1_000})
    assert refund.is_success, refund.text
    await issued(house, tenant)
    told = await statement(house, tenant, customer)
    assert movements(told) == [
        ("invoice", 12_000, 12_000), ("invoice", 12_000, 24_000), ("payment", -5_000, 19_000),
        ("credit_note", -2_000, 17_000), ("refund", 1_000, 18_000),
    ]  # fmt: skip
    due = [(await shown(house, tenant, each["id"]))["amountDue"] for each in (first, second)]
    assert (told["openingBalance"], told["closingBalance"], told["overdue"]) == (0, sum(due), 0)
    assert [(each["id"], each["amountDue"]) for each in told["openInvoices"]] == [
        (first["id"], due[0]), (second["id"], due[1]),
    ]  # fmt: skip
    answer = await asked(house, tenant, "GET", f"/customers/{customer}/statement/pdf")
    said = said_in(answer.content)
    assert found_all((f"Balance at the end {WORDS.money(18_000)}", "Credit note", first["number"]), said) == []


async def test_what_came_before_is_the_opening_balance_and_what_comes_later_is_not_there(
    house: House, tenant: Tenant
) -> None:
    customer = await a_customer(house, tenant)
    await issued(house, tenant, customerId=customer)
    later = await statement(house, tenant, customer, **{"from": "2998-01-01", "to": "2998-12-31"})
    assert (later["openingBalance"], later["entries"], later["closingBalance"]) == (12_000, [], 12_000)
    earlier = await statement(house, tenant, customer, **{"from": "2001-01-01", "to": "2001-12-31"})
    assert (earlier["openingBalance"], earlier["entries"], earlier["closingBalance"]) == (0, [], 0)


async def test_the_balance_goes_on_from_what_came_before(house: House, tenant: Tenant) -> None:
    customer = await a_customer(house, tenant)
    async with inspector(house) as admin:
        await issued(house, tenant, customerId=customer)
        earlier = "update ledger_entries set occurred_at = '2025-12-31T23:59:59Z' where tenant_id = $1"
        await admin.execute(earlier, tenant.id)
    await issued(house, tenant, customerId=customer)
    told = await statement(house, tenant, customer, **{"from": "2026-01-01"})
    assert (told["openingBalance"], movements(told)) == (12_000, [("invoice", 12_000, 24_000)])


async def test_each_currency_has_its_own(house: House, tenant: Tenant) -> None:
    customer = await a_customer(house, tenant)
    await issued(house, tenant, customerId=customer, currency="EUR")
    assert (await statement(house, tenant, customer))["closingBalance"] == 0
    assert (await statement(house, tenant, customer, currency="EUR"))["closingBalance"] == 12_000
    assert (await statement(house, tenant, customer, currency="HRK"))["closingBalance"] == 0


async def test_who_was_merged_into_the_customer_counts_too(house: House, tenant: Tenant) -> None:
    customer, other = await a_customer(house, tenant), await a_customer(house, tenant, name="Grace H.")
    for each in (customer, other):
        await issued(house, tenant, customerId=each)
    merged = await asked(house, tenant, "POST", f"/customers/{other}/merge", json={"into": customer})
    assert merged.is_success, merged.text
    assert (await statement(house, tenant, customer))["closingBalance"] == 24_000


@pytest.mark.parametrize(("query", "code"), [({"from": "2026-02-01", "to": "2026-01-01"}, "before_from"),
                                             ({"from": "0001-01-01"}, "out_of_range"),
                                             ({"to": "9999-12-31"}, "out_of_range"),
                                             ({"currency": "XXQ"}, "unknown_currency")])  # fmt: skip
async def test_what_cannot_be_is_refused(house: House, tenant: Tenant, query: Json, code: str) -> None:
    customer = await a_customer(house, tenant)
    for path in ("statement", "statement/pdf"):
        answer = await asked(house, tenant, "GET", f"/customers/{customer}/{path}", params=query)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, code)


async def test_another_tenants_is_as_absent_as_none(house: House, tenant: Tenant, other_tenant: Tenant) -> None:
    customer = await a_customer(house, tenant)
    payment = await paid(house, tenant, (await issued(house, tenant))["id"], 100)
    for path in (f"/customers/{customer}/statement", f"/customers/{customer}/statement/pdf",
                 f"/payments/{payment['id']}/receipt"):  # fmt: skip
        assert (await asked(house, other_tenant, "GET", path)).status_code == 404


async def test_a_receipt_says_what_was_paid_and_what_is_left(house: House, tenant: Tenant) -> None:
    invoice = await issued(house, tenant)
    payment = await paid(house, tenant, invoice["id"], 5_000)
    answer = await asked(house, tenant, "GET", f"/payments/{payment['id']}/receipt")
    wanted = ("Receipt", invoice["number"], "Paid by Cheque", "Paid $50.00", "Amount due $70.00")
    assert found_all(wanted, said_in(answer.content)) == []


def test_every_kind_of_entry_has_a_name_but_those_of_the_providers_balance_which_no_customer_owes() -> None:
    assert MOVEMENTS.keys() == set(EntryKind) - {
        EntryKind.CURRENCY_EXCHANGED,
        EntryKind.FEE_CHARGED,
        EntryKind.PAYOUT_MADE,
        EntryKind.PAYOUT_RETURNED,
    }


async def test_what_comes_to_more_than_clients_can_hold_is_shown_as_the_most(house: House, tenant: Tenant) -> None:
    customer = await a_customer(house, tenant)
    issue = {"customerId": customer, "items": [{"description": "All of it", "unitPrice": LARGEST, "taxes": []}]}
    invoice = await issued(house, tenant, **issue)
    later = {"from": "2998-01-01", "to": "2998-12-31"}
    async with inspector(house) as admin:
        made = await admin.fetch(_AGAIN, tenant.id, invoice["id"])
        balances = await asked(house, tenant, "GET", "/payments/ledger/balances")
        told = await statement(house, tenant, customer, **later)
        for table, key in (("ledger_postings", "entry_id"), ("ledger_entries", "id")):
            await admin.execute(f"delete from {table} where {key} = any ($1)", {row["entry_id"] for row in made})
    assert {each["account"]: each["balance"] for each in balances.json()["items"]} == {
        "receivable": LARGEST, "revenue": -LARGEST,
    }  # fmt: skip
    assert told["openingBalance"] == LARGEST

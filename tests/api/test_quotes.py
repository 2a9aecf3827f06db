"""Quotes over HTTP: drafted, changed, deleted; their sums, and what is refused."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from domains.billing import LARGEST
from domains.shared.ids import new_id
from domains.shared.permissions import Role
from tests.support.house import House
from tests.support.people import Tenant
from tests.support.quotes import ITEM, a_customer, a_quote
from tests.support.stories import events_of, inspector


async def test_a_quote_is_drafted_and_read_back(house: House, tenant: Tenant) -> None:
    customer = await a_customer(house, tenant)
    items = [{**ITEM, "quantity": "2.50"}, {"description": "Fittings", "unitPrice": 999, "taxes": []}]
    body = {"customerId": customer, "items": items, "discount": {"percent": "10"}, "validUntil": "2999-12-31"}
    async with house.client(tenant.owner.token) as client:
        answer = await client.post("/quotes", json=body)
        assert answer.status_code == 201, answer.text
        made = answer.json()
        found = await client.get(f"/quotes/{made['id']}")
    assert answer.headers["Location"] == f"/api/v1/quotes/{made['id']}"
    assert (answer.headers["ETag"], found.headers["ETag"]) == ('"1"', '"1"')
    assert found.json() == made
    first, second = made["items"]
    assert (second["quantity"], second["taxRate"], second["taxes"], second["total"]) == ("1", None, [], 999)
    assert first == {
        "id": first["id"],
        "description": "Replace the tap",
        "quantity": "2.5",
        "unitPrice": 10000,
        "discount": None,
        "taxRate": "20",
        "taxes": [{"name": "VAT", "rate": "20"}],
        "optional": False,
        "selected": True,
        "amount": 25000,
        "total": 25000,
        "priceItemId": None,
        "serviceId": None,
        "unit": None,
    }


async def test_its_sums_are_ours_and_it_has_no_number_yet(house: House, tenant: Tenant) -> None:
    other = {"description": "Fittings", "unitPrice": 999, "taxes": []}
    items = [{**ITEM, "quantity": "2.50"}, other]
    made = await a_quote(house, tenant, items=items, discount={"percent": "10"}, validUntil="2999-12-31")
    assert made == {
        "id": made["id"],
        "items": made["items"],
        "number": None,
        "status": "draft",
        "customerId": made["customerId"],
        "currency": "USD",
        "pricesIncludeTax": False,
        "discount": {"percent": "10"},
        "subtotal": 25999,
        "discountTotal": 2600,
        "taxTotal": 4500,
        "taxes": [{"name": "VAT", "rate": "20", "base": 22500, "amount": 4500}],
        "total": 27899,
        "deposit": None,
        "depositAmount": 0,
        "validUntil": "2999-12-31",
        "notes": None,
        "terms": None,
        "sentAt": None,
        "acceptedAt": None,
        "rejectedAt": None,
        "rejectReason": None,
        "acceptedBy": None,
        "signature": None,
        "invoiceId": None,
        "revision": 1,
        "revisionOf": None,
        "supersededBy": None,
        "publicUrl": None,
        "version": 1,
        "createdAt": made["createdAt"],
        "updatedAt": made["createdAt"],
    }


async def test_what_the_business_has_set_is_what_a_quote_begins_with(house: House, tenant: Tenant) -> None:
    rates = [{"name": "Sales tax", "rate": "8.875", "isDefault": True}, {"name": "Hotel", "rate": "14"}]
    plain = {"description": "Work", "unitPrice": 10_000}
    async with house.client(tenant.owner.token) as client:
        assert (await client.patch("/tenants/me", json={"taxRates": rates, "currency": "KWD"})).status_code == 200
        made = await a_quote(house, tenant, items=[plain, {**plain, "taxRate": "14"}])
        await client.patch("/tenants/me", json={"taxRates": [], "currency": "JPY"})
        later = (await client.get(f"/quotes/{made['id']}")).json()
        other = await a_quote(house, tenant, items=[plain], currency="EUR")
    assert later == made
    assert (made["currency"], [tax["name"] for tax in made["taxes"]]) == ("KWD", ["Hotel", "Sales tax"])
    assert (made["taxTotal"], other["currency"], other["taxes"]) == (1400 + 888, "EUR", [])


async def test_a_draft_changes_and_adds_up_anew(house: House, tenant: Tenant) -> None:
    made = await a_quote(house, tenant, notes="Ring twice.")
    path, (item,) = f"/quotes/{made['id']}", made["items"]
    kept = {**ITEM, "id": item["id"], "unitPrice": 5000}
    async with house.client(tenant.owner.token) as client:
        changed = await client.patch(path, json={"items": [kept, ITEM], "notes": None}, headers={"If-Match": '"1"'})
        assert changed.status_code == 200, changed.text
        inclusive = (await client.patch(path, json={"pricesIncludeTax": True, "discount": {"amount": 300}})).json()
        same = await client.patch(path, json={"pricesIncludeTax": True})
        stale = await client.patch(path, json={"notes": "x"}, headers={"If-Match": '"1"'})
    body = changed.json()
    assert [each["id"] == item["id"] for each in body["items"]] == [True, False]
    assert (body["total"], body["notes"], body["version"]) == (18_000, None, 2)
    assert (inclusive["subtotal"], inclusive["discountTotal"], inclusive["taxTotal"]) == (12_500, 250, 2450)
    assert (inclusive["total"], inclusive["version"]) == (14_700, 3)
    assert same.json() == inclusive
    assert (stale.status_code, stale.json()["code"]) == (412, "version_conflict")


async def test_a_draft_is_deleted_and_gone(house: House, tenant: Tenant) -> None:
    made = await a_quote(house, tenant)
    async with house.client(tenant.owner.token) as client:
        stale = await client.delete(f"/quotes/{made['id']}", headers={"If-Match": '"7"'})
        gone = await client.delete(f"/quotes/{made['id']}")
        again = await client.delete(f"/quotes/{made['id']}")
        shown = await client.get(f"/quotes/{made['id']}")
    assert [answer.status_code for answer in (stale, gone, again, shown)] == [412, 204, 404, 404]


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"items": [{**ITEM, "quantity": "-1"}]}, "items[0].quantity", "invalid_format"),
    ({"items": [{**ITEM, "quantity": "NaN"}]}, "items[0].quantity", "invalid_format"),
    ({"items": [{**ITEM, "quantity": 1.5}]}, "items[0].quantity", "invalid_type"),
    ({"items": [{**ITEM, "quantity": "0"}]}, "items[0].quantity", "too_small"),
    ({"items": [{**ITEM, "quantity": "1.0001"}]}, "items[0].quantity", "invalid_format"),
    ({"items": [{**ITEM, "unitPrice": -1}]}, "items[0].unitPrice", "too_small"),
    ({"items": [{**ITEM, "unitPrice": LARGEST + 1}]}, "items[0].unitPrice", "too_large"),
    ({"items": [{**ITEM, "unitPrice": 2**63}]}, "items[0].unitPrice", "out_of_range"),
    ({"items": [{**ITEM, "unitPrice": 1e308}]}, "items[0].unitPrice", "out_of_range"),
    ({"items": [{**ITEM, "unitPrice": 10.5}]}, "items[0].unitPrice", "invalid_type"),
    ({"items": [{**ITEM, "unitPrice": "100"}]}, "items[0].unitPrice", "invalid_type"),
    ({"items": [{**ITEM, "discount": {"percent": "100.01"}}]}, "items[0].discount.percent", "too_large"),
    ({"items": [{**ITEM, "discount": {"amount": 10_001}}]}, "items[0].discount.amount", "too_large"),
    ({"items": [{**ITEM, "discount": {"amount": 0}}]}, "items[0].discount.amount", "too_small"),
    ({"items": [{**ITEM, "discount": {}}]}, "items[0].discount", "required"),
    ({"items": [{"description": "Work", "unitPrice": 1, "taxRate": "101"}]}, "items[0].taxRate", "too_large"),
    ({"items": [{**ITEM, "total": 1}]}, "items[0].total", "unknown_field"),
    ({"items": [{**ITEM, "unitPrice": LARGEST}]}, "items", "too_large"),
    ({"discount": {"amount": 10_001}}, "discount.amount", "too_large"),
    ({"discount": {"percent": "0"}}, "discount.percent", "too_small"),
    ({"total": 1}, "total", "unknown_field"),
    ({"validUntil": "2026-02-30"}, "validUntil", "invalid_format"),
    ({"items": [ITEM] * 201}, "items", "too_long"),
]


@pytest.mark.parametrize(("fields", "field", "code"), REFUSED, ids=[str(at) for at in range(len(REFUSED))])
async def test_what_is_wrong_is_named_when_it_is_made_and_when_it_is_changed(
    house: House, tenant: Tenant, fields: dict[str, Any], field: str, code: str
) -> None:
    made = await a_quote(house, tenant)
    async with house.client(tenant.owner.token) as client:
        new = await client.post("/quotes", json={"customerId": made["customerId"], "items": [ITEM], **fields})
        changed = await client.patch(f"/quotes/{made['id']}", json=fields)
        kept = (await client.get(f"/quotes/{made['id']}")).json()
    for answer in (new, changed):
        assert answer.status_code == 400, answer.text
        assert [(each["field"], each["code"]) for each in answer.json()["errors"]] == [(field, code)]
    assert kept == made


async def test_the_currency_is_fixed_and_known(house: House, tenant: Tenant) -> None:
    made = await a_quote(house, tenant)
    async with house.client(tenant.owner.token) as client:
        changed = await client.patch(f"/quotes/{made['id']}", json={"currency": "EUR"})
        unknown = await client.post("/quotes", json={"customerId": made["customerId"], "currency": "XXZ"})
    assert [(each["field"], each["code"]) for each in changed.json()["errors"]] == [("currency", "unknown_field")]
    assert [(each["field"], each["code"]) for each in unknown.json()["errors"]] == [("currency", "unknown_currency")]


async def test_a_quote_is_for_a_customer_of_ones_own(house: House, tenant: Tenant, other_tenant: Tenant) -> None:
    made, strange = await a_quote(house, tenant), await a_customer(house, other_tenant)
    own = await a_customer(house, tenant)
    async with house.client(tenant.owner.token) as client:
        for customer in (strange, str(new_id())):
            refused = await client.post("/quotes", json={"customerId": customer, "items": [ITEM]})
            moved = await client.patch(f"/quotes/{made['id']}", json={"customerId": customer})
            assert (refused.status_code, moved.status_code) == (404, 404)
        assert (await client.patch(f"/quotes/{made['id']}", json={"customerId": own})).json()["customerId"] == own


async def test_each_change_leaves_an_event_and_the_timeline_shows_them(house: House, tenant: Tenant) -> None:
    made = await a_quote(house, tenant)
    path = f"/quotes/{made['id']}"
    async with house.client(tenant.owner.token) as client:
        await client.patch(path, json={"notes": "private words"})
        await client.patch(path, json={"notes": "private words"})
        await client.delete(path)
        timeline = (await client.get(f"/customers/{made['customerId']}/timeline")).json()["items"]
        log = (await client.get("/admin/audit-log", params={"subject": made["id"]})).json()["items"]
    found = [event for event in await events_of(house, tenant) if event["type"].startswith("quote.")]
    data = f'{{"customer_id": "{made["customerId"]}"}}'
    assert [(event["type"], event["subject_version"], event["data"]) for event in found] == [
        ("quote.created", 1, data),
        ("quote.updated", 2, '{"fields": ["notes"]}'),
        ("quote.deleted", 2, data),
    ]
    assert [entry["kind"] for entry in timeline] == ["quote_deleted", "quote_created", "customer_created"]
    assert {entry["subjectId"] for entry in timeline[:2]} == {made["id"]}
    assert [entry["action"] for entry in log] == ["quote.deleted", "quote.updated", "quote.created"]


async def test_one_quote_of_many_with_one_key(house: House, tenant: Tenant) -> None:
    body = {"customerId": await a_customer(house, tenant), "items": [ITEM]}
    async with house.client(tenant.owner.token) as client:
        first = await client.post("/quotes", json=body, headers={"Idempotency-Key": "k"})
        again = await client.post("/quotes", json=body, headers={"Idempotency-Key": "k"})
        listed = (await client.get("/quotes")).json()["items"]
    assert (first.status_code, again.status_code, len(listed)) == (201, 201, 1)
    assert (again.json(), again.headers["Idempotency-Replayed"]) == (first.json(), "true")


@pytest.mark.parametrize("role", list(Role))
async def test_staff_and_those_above_work_with_quotes(house: House, tenant: Tenant, role: Role) -> None:
    made = await a_quote(house, tenant)
    path, status = f"/quotes/{made['id']}", 403 if role is Role.MEMBER else 200
    async with house.client(tenant.people[role].token) as client:
        answers: list[httpx.Response] = [
            await client.get("/quotes"),
            await client.get(path),
            await client.patch(path, json={"notes": "x"}),
            await client.patch(f"{path}/status", json={"status": "sent"}),
        ]
    assert [answer.status_code for answer in answers] == [status] * 4


@pytest.mark.parametrize(
    "change",
    ["total = total + 1", "subtotal = -1, discount_total = 0, tax_total = 0, total = -1", "number = 'Q-1'",
     f"subtotal = {LARGEST + 1}, discount_total = 0, tax_total = 0, total = {LARGEST + 1}"],
)  # fmt: skip
async def test_the_database_holds_the_sums_too(house: House, tenant: Tenant, change: str) -> None:
    made = await a_quote(house, tenant)
    async with inspector(house) as admin:
        with pytest.raises(Exception, match=r"violates check constraint"):
            await admin.execute(f"update quotes set {change} where id = $1", UUID(made["id"]))

"""The price list over HTTP: kept by name and SKU, and taken over by the items of documents."""

import asyncio
from typing import Any

import pytest

from infra.postgres.price_list import _ALONE
from tests.support.house import House
from tests.support.invoices import asked
from tests.support.people import Tenant
from tests.support.quotes import a_customer, a_quote, moved
from tests.support.stories import inspector
from tests.support.waiting import blocked

Json = dict[str, Any]
VAT = [{"name": "VAT", "rate": "20"}]


async def a_price(house: House, tenant: Tenant, **fields: Any) -> Json:
    body = {"name": "Replace a tap", "unitPrice": 12_500, **fields}
    answer = await asked(house, tenant, "POST", "/price-list", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def names(house: House, tenant: Tenant, **params: Any) -> list[str]:
    answer = await asked(house, tenant, "GET", "/price-list", params=params)
    return [each["name"] for each in answer.json()["items"]]


async def test_a_price_is_kept_changed_and_archived(house: House, tenant: Tenant) -> None:
    price = await a_price(house, tenant, name=" Tap ", unit="hour", taxRate="20.0", sku="TAP-01")
    kept = ("name", "unitPrice", "currency", "unit", "taxRate", "taxes", "sku", "archivedAt", "version")
    assert [price[name] for name in kept] == [
        "Tap", 12_500, "USD", "hour", "20", [{"name": "Tax", "rate": "20"}], "TAP-01", None, 1,
    ]  # fmt: skip
    path = f"/price-list/{price['id']}"
    changed = await asked(house, tenant, "PATCH", path, json={"unitPrice": 13_000, "taxRate": None, "unit": None})
    assert [changed.json()[name] for name in ("unitPrice", "taxes", "unit", "version")] == [13_000, None, None, 2]
    stale = await asked(house, tenant, "PATCH", path, json={"name": "x"}, headers={"If-Match": '"1"'})
    assert (stale.status_code, (await asked(house, tenant, "GET", path)).json()) == (412, changed.json())
    assert [(await asked(house, tenant, "DELETE", path)).status_code for _ in range(2)] == [204, 204]
    archived = (await asked(house, tenant, "GET", path)).json()
    assert (archived["version"], archived["archivedAt"]) == (3, archived["updatedAt"])
    assert (await names(house, tenant), await names(house, tenant, archived=True)) == ([], ["Tap"])


async def test_they_are_listed_by_name_and_found_by_name_and_sku(house: House, tenant: Tenant) -> None:
    for name, sku in (("tap", "T-100%"), ("Boiler", None), ("Oven", "O-2")):
        await a_price(house, tenant, name=name, sku=sku)
    assert await names(house, tenant) == ["Boiler", "Oven", "tap"]
    assert await names(house, tenant, sort="-name", limit=2) == ["tap", "Oven"]
    assert await names(house, tenant, search="OILE") == ["Boiler"]
    assert (await names(house, tenant, search="o-2"), await names(house, tenant, search="%")) == (["Oven"], ["tap"])


async def test_no_two_in_the_list_have_one_sku(house: House, tenant: Tenant) -> None:
    first, other = await a_price(house, tenant, sku="A"), await a_price(house, tenant, sku="B")
    for method, path in (("POST", "/price-list"), ("PATCH", f"/price-list/{other['id']}")):
        body = {"name": "x", "unitPrice": 1, "sku": "A"}
        refused = await asked(house, tenant, method, path, json=body)
        assert (refused.status_code, refused.json()["code"]) == (409, "already_exists")
        assert refused.json()["errors"][0]["field"] == "sku"
    await asked(house, tenant, "DELETE", f"/price-list/{first['id']}")
    assert (await a_price(house, tenant, sku="A"))["sku"] == "A"


async def test_a_list_has_ten_thousand_prices_at_most(house: House, tenant: Tenant) -> None:
    """Whoever adds one waits for those who add another."""
    fill = """
        insert into price_items (tenant_id, id, name, unit_price, currency, created_at, updated_at)
        select $1, gen_random_uuid(), 'Price', 1, 'USD', now(), now() from generate_series(1, $2::int)
    """
    archived = await a_price(house, tenant)
    await asked(house, tenant, "DELETE", f"/price-list/{archived['id']}")
    body = {"name": "One more", "unitPrice": 1}
    async with inspector(house) as admin:
        await admin.execute(fill, tenant.id, 9_998)
        assert (await asked(house, tenant, "POST", "/price-list", json=body)).status_code == 201
        async with admin.transaction():
            await admin.execute(_ALONE, str(tenant.id))
            await admin.execute(fill, tenant.id, 1)
            adding = asyncio.create_task(asked(house, tenant, "POST", "/price-list", json=body))
            await blocked(admin)
    refused = await adding
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")


async def test_an_item_takes_over_what_it_does_not_say_and_keeps_it(house: House, tenant: Tenant) -> None:
    price = await a_price(house, tenant, taxes=VAT, unit="hour")
    of_it = {"priceItemId": price["id"]}
    own = {"description": "Mine", "unitPrice": 1, "taxes": [], "unit": None}
    items = [{**of_it, "quantity": "2"}, {**of_it, **own}]
    quote = await a_quote(house, tenant, items=items)
    told = [[each[name] for name in (*own, "priceItemId")] for each in quote["items"]]
    assert told == [["Replace a tap", 12_500, VAT, "hour", price["id"]], ["Mine", 1, [], None, price["id"]]]
    assert quote["total"] == 30_001
    await asked(house, tenant, "PATCH", f"/price-list/{price['id']}", json={"unitPrice": 99, "name": "Other"})
    assert (await asked(house, tenant, "GET", f"/quotes/{quote['id']}")).json() == quote
    changed = await asked(house, tenant, "PATCH", f"/quotes/{quote['id']}", json={"items": [of_it]})
    assert [changed.json()["items"][0][name] for name in ("description", "unitPrice")] == ["Other", 99]
    await moved(house, tenant, quote["id"], "sent")
    await moved(house, tenant, quote["id"], "accepted")
    invoice = (await asked(house, tenant, "POST", f"/quotes/{quote['id']}/convert")).json()
    assert [(each["unitPrice"], each["priceItemId"]) for each in invoice["items"]] == [(99, price["id"])]


async def test_a_service_lends_its_name_and_price(house: House, tenant: Tenant, other_tenant: Tenant) -> None:
    body = {"name": "Boiler inspection", "durationMinutes": 60, "price": 9_500}
    service, archived, strange = [
        (await asked(house, owner, "POST", "/services", json=body)).json() for owner in (tenant, tenant, other_tenant)
    ]
    quote = await a_quote(house, tenant, items=[{"serviceId": service["id"], "quantity": "2", "unit": "visit"}])
    names = ("description", "unitPrice", "unit", "amount", "serviceId", "priceItemId")
    told = [quote["items"][0][name] for name in names]
    assert told == ["Boiler inspection", 9_500, "visit", 19_000, service["id"], None]
    await asked(house, tenant, "DELETE", f"/services/{archived['id']}")
    price = await a_price(house, tenant)
    wrong = [{"serviceId": archived["id"]}, {"serviceId": strange["id"]}, {"serviceId": price["id"]},
             {"serviceId": service["id"], "priceItemId": price["id"]}]  # fmt: skip
    customer = await a_customer(house, tenant)
    refused = await asked(house, tenant, "POST", "/quotes", json={"customerId": customer, "items": wrong})
    assert [(each["field"], each["code"]) for each in refused.json()["errors"]] == [
        ("items[0].serviceId", "archived"),
        ("items[1].serviceId", "unknown"),
        ("items[2].serviceId", "unknown"),
        ("items[3].serviceId", "conflict"),
    ]


@pytest.mark.parametrize("path", ["/invoices", "/recurring-invoices"])
async def test_other_documents_take_it_over_as_well(house: House, tenant: Tenant, path: str) -> None:
    price = await a_price(house, tenant)
    body: Json = {"customerId": await a_customer(house, tenant), "items": [{"priceItemId": price["id"]}]}
    if path == "/recurring-invoices":
        body |= {"every": "month", "startsOn": "2999-01-01"}
    answer = await asked(house, tenant, "POST", path, json=body)
    assert (answer.status_code, answer.json()["items"][0]["description"]) == (201, "Replace a tap"), answer.text


async def test_what_lends_nothing_is_named(house: House, tenant: Tenant, other_tenant: Tenant) -> None:
    euros, archived = await a_price(house, tenant, currency="EUR"), await a_price(house, tenant)
    strange = await a_price(house, other_tenant)
    await asked(house, tenant, "DELETE", f"/price-list/{archived['id']}")
    ids = [euros["id"], archived["id"], strange["id"]]
    customer = await a_customer(house, tenant)
    body: Json = {"customerId": customer, "items": [{"priceItemId": each} for each in ids]}
    refused = await asked(house, tenant, "POST", "/quotes", json=body)
    assert refused.status_code == 400
    assert [(each["field"], each["code"]) for each in refused.json()["errors"]] == [
        ("items[0].priceItemId", "conflict"),
        ("items[1].priceItemId", "archived"),
        ("items[2].priceItemId", "unknown"),
    ]
    bare = await asked(house, tenant, "POST", "/quotes", json={"customerId": customer, "items": [{}]})
    assert [(each["field"], each["code"]) for each in bare.json()["errors"]] == [
        ("items[0].description", "required"),
        ("items[0].unitPrice", "required"),
    ]
    said = {"priceItemId": archived["id"], "description": "x", "unitPrice": 1, "taxes": []}
    assert (await a_quote(house, tenant, items=[said]))["total"] == 1
    assert (await a_quote(house, tenant, items=[{"priceItemId": euros["id"]}], currency="EUR"))["total"] == 12_500

"""What is charged again and again: once for each date, never twice, none left out."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra.postgres.clock import BusinessClock
from tests.support.days import NEW_YORK
from tests.support.house import House
from tests.support.invoices import Json, asked
from tests.support.people import Tenant
from tests.support.quotes import ITEM, a_customer
from tests.workers.test_dunning import Shop, kinds, move, shop

__all__ = ["shop"]


async def today(house: House) -> datetime:
    """As it is for the business."""
    return (await house.container.get(BusinessClock)).now().astimezone(NEW_YORK)


async def a_plan(shop: Shop, **fields: Any) -> Json:
    house, tenant = shop
    customer = fields.pop("customerId", None) or await a_customer(house, tenant, emails=["grace@example.com"])
    begins = (await today(house) + timedelta(days=2)).date().isoformat()
    body = {"customerId": customer, "items": [ITEM], "every": "week", "startsOn": begins, **fields}
    answer = await asked(house, tenant, "POST", "/recurring-invoices", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def made(house: House, tenant: Tenant, plan: str) -> list[Json]:
    """The oldest first."""
    page = (await asked(house, tenant, "GET", "/invoices?sort=createdAt&limit=100")).json()
    return [each for each in page["items"] if each["recurringId"] == plan]


async def to(house: House, tenant: Tenant, plan: str, status: str) -> Json:
    answer = await asked(house, tenant, "PATCH", f"/recurring-invoices/{plan}/status", json={"status": status})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_each_date_once_however_long_nobody_worked(shop: Shop) -> None:
    house, tenant = shop
    plan = await a_plan(shop, sends=True, paymentDays=5)
    first = datetime.fromisoformat(plan["startsOn"]).date()
    dates = [first + timedelta(weeks=at) for at in range(5)]
    assert plan["upcoming"] == [each.isoformat() for each in dates]
    await move(house, "P26D")
    invoices = await made(house, tenant, plan["id"])
    assert [each["dueDate"] for each in invoices] == [(day + timedelta(days=5)).isoformat() for day in dates[:4]]
    assert [each["number"][-5:] for each in invoices] == ["00001", "00002", "00003", "00004"]
    told = await kinds(house, tenant, invoices[0]["id"])
    assert [kind for kind, _ in told[:2]] == ["invoice.created", "invoice.issued"]
    assert told[0][1].astimezone(UTC).date() == first
    assert len(house.mail_to("grace@example.com")) >= 4
    now = (await asked(house, tenant, "GET", f"/recurring-invoices/{plan['id']}")).json()
    assert (now["made"], now["nextOn"], now["total"]) == (4, dates[4].isoformat(), 12_000)


async def test_drafts_unless_they_are_to_be_sent_until_the_last_day(shop: Shop) -> None:
    house, tenant = shop
    begins = (await today(house) + timedelta(days=2)).date()
    plan = await a_plan(shop, endsOn=(begins + timedelta(days=8)).isoformat())
    assert len(plan["upcoming"]) == 2
    await move(house, "P40D")
    assert [each["status"] for each in await made(house, tenant, plan["id"])] == ["draft", "draft"]
    now = (await asked(house, tenant, "GET", f"/recurring-invoices/{plan['id']}")).json()
    assert (now["status"], now["nextOn"], now["upcoming"]) == ("ended", None, [])


async def test_dates_of_a_pause_are_left_out(shop: Shop) -> None:
    house, tenant = shop
    plan = await a_plan(shop)
    await move(house, "P3D")
    assert (await to(house, tenant, plan["id"], "paused"))["upcoming"] == []
    await move(house, "P14D")
    assert len(await made(house, tenant, plan["id"])) == 1
    await to(house, tenant, plan["id"], "active")
    for status in ("paused", "active", "paused", "active"):
        await to(house, tenant, plan["id"], status)
    await move(house, "P7D")
    assert len(await made(house, tenant, plan["id"])) == 2
    await to(house, tenant, plan["id"], "ended")
    await move(house, "P30D")
    assert len(await made(house, tenant, plan["id"])) == 2
    answer = await asked(house, tenant, "PATCH", f"/recurring-invoices/{plan['id']}/status", json={"status": "active"})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_transition")


async def test_a_pause_that_ends_on_the_day_itself_leaves_nothing_out(shop: Shop) -> None:
    house, tenant = shop
    plan = await a_plan(shop)
    await to(house, tenant, plan["id"], "paused")
    await move(house, "P2D")
    await to(house, tenant, plan["id"], "active")
    await move(house, "PT1M")
    assert len(await made(house, tenant, plan["id"])) == 1


async def test_it_changes_from_the_next_invoice_on_and_goes_only_unused(shop: Shop) -> None:
    house, tenant = shop
    plan = await a_plan(shop)
    path = f"/recurring-invoices/{plan['id']}"
    await move(house, "P3D")
    changed = await asked(house, tenant, "PATCH", path, json={"items": [{**ITEM, "unitPrice": 100}], "notes": "New"})
    assert (changed.status_code, changed.json()["total"]) == (200, 120)
    await move(house, "P7D")
    assert [each["total"] for each in await made(house, tenant, plan["id"])] == [12_000, 120]
    assert (await asked(house, tenant, "DELETE", path)).json()["code"] == "invalid_transition"
    unused = await a_plan(shop)
    assert (await asked(house, tenant, "DELETE", f"/recurring-invoices/{unused['id']}")).status_code == 204


async def test_who_is_erased_is_charged_no_more(shop: Shop) -> None:
    house, tenant = shop
    plan = await a_plan(shop)
    assert (await asked(house, tenant, "POST", f"/customers/{plan['customerId']}/erase")).status_code == 204
    await move(house, "P10D")
    assert await made(house, tenant, plan["id"]) == []
    now = (await asked(house, tenant, "GET", f"/recurring-invoices/{plan['id']}")).json()
    assert now["status"] == "ended"


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"startsOn": "2020-01-01"}, "startsOn"), ({"endsOn": "2020-01-01"}, "endsOn"), ({"items": []}, "items")],
)
async def test_plans_that_are_none(shop: Shop, fields: Any, field: str) -> None:
    house, tenant = shop
    customer = await a_customer(house, tenant)
    body = {"customerId": customer, "items": [ITEM], "every": "month", "startsOn": "2999-01-31", **fields}
    answer = await asked(house, tenant, "POST", "/recurring-invoices", json=body)
    assert (answer.status_code, [each["field"] for each in answer.json()["errors"]]) == (400, [field])

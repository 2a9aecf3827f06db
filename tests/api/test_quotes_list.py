"""Lists of quotes: filtered, searched, page by page."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.house import House
from tests.support.people import Tenant, new_tenant
from tests.support.quotes import ITEM, a_customer, a_quote, moved
from tests.support.stories import inspector


@pytest.fixture(scope="module")
async def stocked(house: House) -> tuple[Tenant, dict[str, dict[str, Any]]]:
    """A tenant with four quotes: two of one customer, one of them sent, one of another year."""
    tenant = await new_tenant(house)
    customer = await a_customer(house, tenant)
    made = {
        "tap": await a_quote(house, tenant, customerId=customer, notes="Läuft nach 100%"),
        "roof": await a_quote(house, tenant, items=[{**ITEM, "description": "Mend the roof: Cañería"}]),
        "old": await a_quote(house, tenant, terms="Half in advance, 1000 at least"),
    }
    made["sent"] = await moved(house, tenant, (await a_quote(house, tenant, customerId=customer))["id"], "sent")
    async with inspector(house) as admin:
        await admin.execute("update quotes set created_at = '2020-01-02 12:00Z' where id = $1", made["old"]["id"])
    return tenant, made


async def names(house: House, stocked: tuple[Tenant, dict[str, dict[str, Any]]], **params: Any) -> set[str]:
    tenant, made = stocked
    async with house.client(tenant.owner.token) as client:
        answer = await client.get("/quotes", params=params)
    assert answer.status_code == 200, answer.text
    known = {quote["id"]: name for name, quote in made.items()}
    return {known[item["id"]] for item in answer.json()["items"]}


ALL = {"tap", "roof", "old", "sent"}
SEARCHES = [
    ("TAP", {"tap", "old", "sent"}), ("the tap replace", {"tap", "old", "sent"}), ("lauft", {"tap"}),
    ("caneria roof", {"roof"}), ("CAÑERÍA", {"roof"}), ("100%", {"tap"}), ("10_0", set()), ("%", {"tap"}),
    ("\\", set()), ("00001", {"sent"}), ("  ", ALL), ("roof tap", set()), ("'; drop", set()), ("1000 half", {"old"}),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "found"), SEARCHES)
async def test_searching_finds_each_word_wherever_it_stands(
    house: House, stocked: tuple[Tenant, dict[str, dict[str, Any]]], asked: str, found: set[str]
) -> None:
    assert await names(house, stocked, search=asked) == found


async def test_filters_narrow_the_list_and_go_together(
    house: House, stocked: tuple[Tenant, dict[str, dict[str, Any]]]
) -> None:
    customer = stocked[1]["tap"]["customerId"]
    today = datetime.now(UTC)
    assert await names(house, stocked) == ALL
    assert await names(house, stocked, status="sent") == {"sent"}
    assert await names(house, stocked, status="accepted") == set()
    assert await names(house, stocked, customerId=customer) == {"tap", "sent"}
    assert await names(house, stocked, customerId=customer, status="draft", search="tap") == {"tap"}
    assert await names(house, stocked, to="2020-01-02") == {"old"}
    assert await names(house, stocked, **{"from": "2020-01-03"}) == ALL - {"old"}
    assert await names(house, stocked, **{"from": (today + timedelta(days=2)).date().isoformat()}) == set()


@pytest.mark.parametrize("params", [{"status": "lost"}, {"customerId": "x"}, {"sort": "total"}, {"search": ""}])
async def test_what_is_no_filter_is_refused(house: House, tenant: Tenant, params: dict[str, str]) -> None:
    async with house.client(tenant.owner.token) as client:
        answer = await client.get("/quotes", params=params)
    assert (answer.status_code, answer.json()["code"]) == (400, "validation_error")
    assert [each["field"] for each in answer.json()["errors"]] == [*params]


@pytest.mark.parametrize("sort", ["createdAt", "-createdAt"])
async def test_each_comes_once_and_in_order(
    house: House, stocked: tuple[Tenant, dict[str, dict[str, Any]]], sort: str
) -> None:
    tenant, _ = stocked
    found: list[dict[str, Any]] = []
    page: dict[str, Any] = {}
    cursor: dict[str, str] = {}
    async with house.client(tenant.owner.token) as client:
        for _ in range(4):
            page = (
                await client.get("/quotes", params={"limit": 1, "sort": sort, "includeTotal": True, **cursor})
            ).json()
            assert page["total"] == 4
            found += page["items"]
            cursor = {"cursor": page["nextCursor"]}
    assert (page["nextCursor"], len({each["id"] for each in found})) == (None, 4)
    times = [each["createdAt"] for each in found]
    assert times == sorted(times, reverse=sort.startswith("-"))


async def test_a_search_sees_no_other_tenant(
    house: House, stocked: tuple[Tenant, dict[str, dict[str, Any]]], other_tenant: Tenant
) -> None:
    await a_quote(house, other_tenant, notes="roof")
    assert await names(house, stocked, search="roof") == {"roof"}

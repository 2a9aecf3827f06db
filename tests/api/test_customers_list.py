"""Lists of customers: every row once, whatever happens meanwhile, and no cursor but the right one."""

from datetime import datetime
from typing import Any

import httpx
import pytest

from domains.shared.ids import new_id
from domains.shared.permissions import Role
from tests.support.house import House
from tests.support.people import Tenant, new_tenant
from tests.support.stories import inspector

MANY = 250
SORTS = ["createdAt", "-createdAt", "name", "-name"]
_FILL = """
    insert into customers
        (tenant_id, id, name, company, emails, phones, addresses, tags, custom, created_at, updated_at)
    select $1, gen_random_uuid(), case when n % 3 = 0 then null else 'Name ' || (n % 40) end,
        case when n % 3 = 0 then 'name ' || (n % 40) else null end, '{}', '{}', '[]',
        case when n % 2 = 0 then array['even', 'all'] else array['all'] end, '{}',
        timestamptz '2026-11-21 12:00Z' + (n / 10) * interval '1 minute' + (n % 2) * interval '1 microsecond', now()
    from generate_series($2::int, $3::int) n
"""
Row = dict[str, Any]


@pytest.fixture(scope="module")
async def crowded(house: House) -> Tenant:
    """A tenant with 250 customers: 40 names, 50 moments, two of them a microsecond apart each minute."""
    tenant = await new_tenant(house)
    await fill(house, tenant, 1, MANY)
    return tenant


async def fill(house: House, tenant: Tenant, first: int, last: int) -> None:
    async with inspector(house) as admin:
        await admin.execute(_FILL, tenant.id, first, last)


async def all_rows(client: httpx.AsyncClient, **params: Any) -> list[Row]:
    """Every row of a list, page by page."""
    rows: list[Row] = []
    cursor: dict[str, str] = {}
    for _ in range(400):
        page = await client.get("/customers", params={**params, **cursor})
        assert page.status_code == 200, page.text
        rows.extend(page.json()["items"])
        if page.json()["nextCursor"] is None:
            return rows
        cursor = {"cursor": page.json()["nextCursor"]}
    raise AssertionError("The list does not end.")


def key_of(row: Row, sort: str) -> Any:
    return (row["name"] or row["company"]).lower() if sort.endswith("name") else row["createdAt"]


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("limit", [7, 100])
async def test_each_row_comes_once_and_in_order(house: House, crowded: Tenant, sort: str, limit: int) -> None:
    async with house.client(crowded.owner.token) as client:
        rows = await all_rows(client, sort=sort, limit=limit)
    assert len(rows) == MANY
    assert len({row["id"] for row in rows}) == MANY
    keys = [key_of(row, sort) for row in rows]
    assert keys == sorted(keys, reverse=sort.startswith("-"))


@pytest.mark.parametrize("sort", SORTS)
async def test_rows_that_come_while_one_pages_neither_repeat_nor_hide_others(
    house: House, tenant: Tenant, sort: str
) -> None:
    await fill(house, tenant, 1, 60)
    async with house.client(tenant.owner.token) as client:
        before = {row["id"] for row in await all_rows(client, sort=sort)}
        page = (await client.get("/customers", params={"sort": sort, "limit": 25})).json()
        seen = [row["id"] for row in page["items"]]
        while page["nextCursor"]:
            await fill(house, tenant, 1, 60)
            page = (
                await client.get("/customers", params={"sort": sort, "limit": 100, "cursor": page["nextCursor"]})
            ).json()
            seen.extend(row["id"] for row in page["items"])
            if len(seen) > 400:
                break
    assert len(seen) == len(set(seen))
    assert before <= set(seen)


async def test_the_default_is_twenty_newest_first(house: House, crowded: Tenant) -> None:
    async with house.client(crowded.owner.token) as client:
        plain = (await client.get("/customers")).json()
        said = (await client.get("/customers", params={"sort": "-createdAt", "limit": 20})).json()
    assert plain["items"] == said["items"]
    assert sorted(plain) == ["items", "nextCursor"]
    assert len(plain["items"]) == 20


async def test_the_last_page_has_no_cursor(house: House, tenant: Tenant) -> None:
    await fill(house, tenant, 1, 20)
    async with house.client(tenant.owner.token) as client:
        exact = (await client.get("/customers", params={"limit": 20})).json()
        more = (await client.get("/customers", params={"limit": 19})).json()
        rest = (await client.get("/customers", params={"limit": 19, "cursor": more["nextCursor"]})).json()
    assert (len(exact["items"]), exact["nextCursor"]) == (20, None)
    assert (len(rest["items"]), rest["nextCursor"]) == (1, None)


async def test_an_empty_list_is_a_list(house: House, tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client:
        answer = await client.get("/customers", params={"includeTotal": "true"})
    assert answer.json() == {"items": [], "nextCursor": None, "total": 0}


async def test_filters_narrow_the_rows_and_the_total(house: House, crowded: Tenant) -> None:
    async with house.client(crowded.owner.token) as client:
        even = await all_rows(client, tag="even", limit=50)
        total = (await client.get("/customers", params={"tag": "even", "includeTotal": "true", "limit": 1})).json()
        loud = (await client.get("/customers", params={"tag": " EVEN", "includeTotal": "true"})).json()
        none = (await client.get("/customers", params={"tag": "eve", "includeTotal": "true"})).json()
        archived = (await client.get("/customers", params={"archived": "true", "includeTotal": "true"})).json()
    assert len(even) == total["total"] == loud["total"] == MANY // 2
    assert all("even" in row["tags"] for row in even)
    assert (none["total"], archived["total"]) == (0, 0)


@pytest.mark.parametrize("sort", SORTS)
async def test_a_long_name_makes_no_cursor_that_we_refuse(house: House, tenant: Tenant, sort: str) -> None:
    async with house.client(tenant.owner.token) as client:
        for _ in range(3):
            made = await client.post("/customers", json={"name": "𝔊" * 200})
            assert made.status_code == 201
        assert len(await all_rows(client, sort=sort, limit=1)) == 3


MOMENTS = [
    "2026-03-08T04:59:59.999Z",
    "2026-03-08T05:00:00.000Z",
    "2026-03-09T03:59:59.999Z",
    "2026-03-09T04:00:00.000Z",
    "2026-11-01T03:59:59.999Z",
    "2026-11-01T04:00:00.000Z",
    "2026-11-02T04:59:59.999Z",
    "2026-11-02T05:00:00.000Z",
]
_MOMENT = """
    insert into customers (tenant_id, id, name, emails, phones, addresses, tags, custom, created_at, updated_at)
    values ($1, $2, 'Grace', '{}', '{}', '[]', '{}', '{}', $3, now())
"""


@pytest.fixture(scope="module")
async def spread(house: House) -> Tenant:
    """A tenant in New York, with customers around the days of 23 and of 25 hours."""
    tenant = await new_tenant(house)
    async with inspector(house) as admin:
        for moment in MOMENTS:
            await admin.execute(_MOMENT, tenant.id, new_id(), datetime.fromisoformat(moment))
    return tenant


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"from": "2026-03-08", "to": "2026-03-08"}, MOMENTS[1:3]),
        ({"from": "2026-11-01", "to": "2026-11-01"}, MOMENTS[5:7]),
        ({"from": "2026-03-09", "to": "2026-10-31"}, MOMENTS[3:5]),
        ({"from": "2026-11-01"}, MOMENTS[5:]),
        ({"to": "2026-03-08"}, MOMENTS[:3]),
        ({"from": MOMENTS[1], "to": MOMENTS[3]}, MOMENTS[1:3]),
        ({"from": "2026-03-08T01:00:00-04:00", "to": "2026-03-09T04:00:00.001Z"}, MOMENTS[1:4]),
        ({"from": MOMENTS[1], "to": MOMENTS[1]}, []),
        ({"from": "2026-11-02", "to": "2026-11-01T23:00:00-05:00"}, None),
    ],
)
async def test_days_are_those_of_the_business_and_an_instant_excludes_itself(
    house: House, spread: Tenant, params: dict[str, str], found: list[str] | None
) -> None:
    async with house.client(spread.owner.token) as client:
        answer = await client.get("/customers", params={"sort": "createdAt", "includeTotal": "true", **params})
    if found is None:
        assert answer.status_code == 400
    else:
        assert [row["createdAt"] for row in answer.json()["items"]] == found
        assert answer.json()["total"] == len(found)


BAD_QUERIES = [
    ("limit=0", "limit"),
    ("limit=101", "limit"),
    ("limit=-1", "limit"),
    ("limit=1e2", "limit"),
    ("limit=ten", "limit"),
    ("limit=", "limit"),
    ("limit=10&limit=20", "limit"),
    ("sort=id", "sort"),
    ("sort=created_at", "sort"),
    ("sort=name,createdAt", "sort"),
    ("sort=name;drop", "sort"),
    ("archived=yes", "archived"),
    ("archived=1", "archived"),
    ("includeTotal=TRUE", "includeTotal"),
    ("tag=", "tag"),
    ("tag=" + "x" * 51, "tag"),
    ("from=yesterday", "from"),
    ("from=2026-02-30", "from"),
    ("from=2026-11-21T09:00:00", "from"),
    ("to=0000-00-00", "to"),
    ("from=2026-11-22&to=2026-11-20", "to"),
    ("page=2", "page"),
    ("offset=20", "offset"),
    ("include_total=true", "include_total"),
    ("Limit=5", "Limit"),
]


@pytest.mark.parametrize(("query", "field"), BAD_QUERIES)
async def test_a_bad_parameter_is_named(house: House, tenant: Tenant, query: str, field: str) -> None:
    async with house.client(tenant.owner.token) as client:
        answer = await client.get(f"/customers?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "validation_error"), answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def cursor_for(house: House, token: str, **params: Any) -> str:
    async with house.client(token) as client:
        page = (await client.get("/customers", params={"limit": 5, **params})).json()
    return str(page["nextCursor"])


async def test_a_cursor_is_good_for_its_own_list_only(house: House, crowded: Tenant) -> None:
    cursor = await cursor_for(house, crowded.owner.token)
    async with house.client(crowded.owner.token) as client:
        good = await client.get("/customers", params={"limit": 50, "cursor": cursor})
        assert good.status_code == 200
        others: list[dict[str, str]] = [
            {"sort": "createdAt"},
            {"sort": "name"},
            {"tag": "even"},
            {"archived": "true"},
            {"from": "2026-11-01"},
        ]
        for other in others:
            await must_be_refused(client, {"cursor": cursor, **other})


async def test_a_cursor_of_somebody_else_is_refused(house: House, crowded: Tenant, tenant: Tenant) -> None:
    await fill(house, tenant, 1, 20)
    cursor = await cursor_for(house, crowded.owner.token)
    for token in (tenant.owner.token, crowded.people[Role.STAFF].token):
        async with house.client(token) as client:
            assert (await client.get("/customers", params={"cursor": await cursor_for(house, token)})).is_success
            await must_be_refused(client, {"cursor": cursor})


async def test_a_cursor_that_was_touched_is_refused(house: House, crowded: Tenant) -> None:
    cursor = await cursor_for(house, crowded.owner.token)
    async with house.client(crowded.owner.token) as client:
        for at in range(0, len(cursor), 5):
            other = "A" if cursor[at] != "A" else "B"
            await must_be_refused(client, {"cursor": cursor[:at] + other + cursor[at + 1 :]})
        for other in (cursor + "A", cursor[:-1], cursor + "=", "x", str(new_id()), "null", "é", cursor.swapcase()):
            await must_be_refused(client, {"cursor": other})


async def must_be_refused(client: httpx.AsyncClient, params: dict[str, str]) -> None:
    answer = await client.get("/customers", params=params)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor"), answer.text

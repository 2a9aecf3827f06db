"""How often a business called: counted, by whom, how it ended, and on which of its days."""

from datetime import datetime
from typing import Any, cast

import httpx
import pytest

from api.access_log import CallWatch
from domains.shared.ids import new_id
from infra.call_counting import CountedCalls
from tests.support.house import House
from tests.support.people import Tenant
from tests.support.stories import inspector

Json = dict[str, Any]
KEYS = ("total", "byKeys", "refused", "failed")


async def stored(house: House) -> None:
    """What this process has counted."""
    await cast("CountedCalls", await house.container.get(CallWatch)).flush()


async def calls(client: httpx.AsyncClient, **params: str) -> Json:
    answer = await client.get("/tenants/me/usage", params=params)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()["calls"]
    return found


def counted(found: Json) -> tuple[int, ...]:
    return tuple(found[key] for key in KEYS)


async def test_each_call_with_a_credential_counts_once(house: House, tenant: Tenant, other_tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client:
        key = (await client.post("/api-keys", json={"name": "Till", "scopes": ["customers:read"]})).json()["key"]
        assert (await client.get(f"/customers/{new_id()}")).status_code == 404
        async with house.client(key) as till, house.client() as nobody:
            assert (await till.get("/customers")).status_code == 200
            assert (await till.get("/jobs")).status_code == 403
            assert (await nobody.get("/customers")).status_code == 401
        assert counted(await calls(client)) == (0, 0, 0, 0)
        await stored(house)
        assert counted(await calls(client)) == (5, 2, 2, 0)
        await stored(house)
        found = await calls(client)
        assert counted(found) == (6, 2, 2, 0)
        assert sum(day["total"] for day in found["days"]) == 6
    async with house.client(other_tenant.owner.token) as client:
        assert counted(await calls(client)) == (0, 0, 0, 0)


async def test_days_are_those_of_the_business(house: House, tenant: Tenant) -> None:
    """In Nepal a day begins at a quarter past six in the evening, UTC."""
    async with house.client(tenant.owner.token) as client, inspector(house) as admin:
        assert (await client.patch("/tenants/me", json={"timezone": "Asia/Kathmandu"})).status_code == 200
        for at, total in (("18:00", 1), ("18:15", 2), ("23:45", 4)):
            await admin.execute(
                "insert into api_calls values ($1, $2, $3, 0, 0, 1)",
                tenant.id, datetime.fromisoformat(f"2026-03-09T{at}:00Z"), total,
            )  # fmt: skip
        found = await calls(client, **{"from": "2026-03-09", "to": "2026-03-11"})
        assert [(day["day"], day["total"], day["failed"]) for day in found["days"]] == [
            ("2026-03-09", 1, 1), ("2026-03-10", 6, 2), ("2026-03-11", 0, 0),
        ]  # fmt: skip
        assert (found["startsAt"], found["endsAt"]) == ("2026-03-08T18:15:00.000Z", "2026-03-11T18:15:00.000Z")
        assert counted(found) == (7, 0, 0, 3)
        exact = await calls(client, **{"from": "2026-03-09T18:15:00Z", "to": "2026-03-09T23:45:00Z"})
        assert counted(exact) == (2, 0, 0, 1)
        month = await calls(client, to="2026-03-31")
        assert (month["startsAt"], counted(month)[0]) == ("2026-02-28T18:15:00.000Z", 7)


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"from": "2025-01-01", "to": "2026-01-02"}, "too_far"),
        ({"from": "2026-02-02", "to": "2026-01-31"}, "before_from"),
        ({"from": "1999-12-31"}, "out_of_range"),
        ({"to": "0001-01-01T00:00:00Z"}, "out_of_range"),
        ({"to": "9999-12-30"}, "out_of_range"),
        ({"from": "the day before"}, "invalid_format"),
    ],
)
async def test_a_period_that_is_none_is_refused(house: House, tenant: Tenant, params: Json, code: str) -> None:
    async with house.client(tenant.owner.token) as client:
        answer = await client.get("/tenants/me/usage", params=params)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, code)
        year = await calls(client, **{"from": "2025-01-01", "to": "2026-01-01"})
        assert len(year["days"]) == 366
        ahead = await calls(client, **{"from": "2199-01-01"})
        assert (ahead["days"], ahead["total"]) == ([], 0)

"""A plan widens what its users may ask, and nothing that guards."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domains.shared.limits import LimitName, Rate, RateLimits
from domains.shared.plans import Plan
from tests.support.databases import TestDatabase
from tests.support.house import House, house_over
from tests.support.people import new_tenant
from tests.support.stories import inspector

LIMITS = RateLimits({LimitName.CALLER: (Rate(3, 60),), LimitName.INTEGRATION_TEST: (Rate(2, 60),)})


@pytest.fixture
async def limited(database: TestDatabase, tmp_path: Path) -> AsyncIterator[House]:
    async with house_over(database, tmp_path, limits=LIMITS) as house:
        yield house


@pytest.mark.parametrize(("plan", "most"), [(Plan.FREE, 3), (Plan.STANDARD, 15), (Plan.UNLIMITED, 150)])
async def test_calls_by_plan(limited: House, plan: Plan, most: int) -> None:
    tenant = await new_tenant(limited)
    async with inspector(limited) as admin:
        await admin.execute("update directory.tenants set plan = $2 where id = $1", tenant.id, plan.value)
    async with limited.client(tenant.owner.token) as client:
        answers = [await client.get("/tenants/me") for _ in range(most + 1)]
    assert {answer.headers["X-RateLimit-Limit"] for answer in answers} == {str(most)}
    assert [answer.status_code for answer in answers] == [200] * most + [429]


async def test_what_costs_is_the_same_for_all(limited: House) -> None:
    tenant = await new_tenant(limited)
    async with inspector(limited) as admin:
        await admin.execute("update directory.tenants set plan = 'unlimited' where id = $1", tenant.id)
    async with limited.client(tenant.owner.token) as client:
        answers = [await client.post("/tenants/me/integrations/stripe/test") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]

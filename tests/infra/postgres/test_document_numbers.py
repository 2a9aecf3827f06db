"""Numbers of documents: each once and without a gap, however many come at once and whoever gives up."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from infra.postgres.database import Database
from tests.support.house import House
from tests.support.numbering import draft, number_all, numbers_of, unbroken
from tests.support.people import Tenant
from tests.support.quotes import a_customer


@pytest.fixture
async def pool(house: House) -> AsyncIterator[Database]:
    made = Database(house.database.app, size=30)
    yield made
    await made.close()


async def drafts(house: House, tenant: Tenant, times: int) -> list[UUID]:
    customer = UUID(await a_customer(house, tenant))
    return await draft(house.database.admin, tenant.id, customer, times)


async def test_two_hundred_at_once_of_whom_each_tenth_gives_up(house: House, tenant: Tenant, pool: Database) -> None:
    undone = await number_all(pool, tenant.id, await drafts(house, tenant, 200), year=2026, failing=10)
    assert undone == 20
    assert await numbers_of(house.database.admin, tenant.id) == unbroken(2026, 180)


async def test_the_count_restarts_with_the_year_and_is_each_tenants_own(
    house: House, tenant: Tenant, other_tenant: Tenant, pool: Database
) -> None:
    for whose in (tenant, other_tenant):
        for year in (2026, 2027, 2026):
            await number_all(pool, whose.id, await drafts(house, whose, 3), year=year, failing=10**6)
    for whose in (tenant, other_tenant):
        found = await numbers_of(house.database.admin, whose.id)
        assert found == unbroken(2026, 4) + unbroken(2027, 2)

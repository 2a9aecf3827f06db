"""Numbers of documents: each once and without a gap, however many come at once and whoever gives up."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from domains.billing import DocumentKind
from infra.postgres.database import Database
from tests.support.house import House
from tests.support.numbering import draft, number_all, numbers_of, series_of, unbroken
from tests.support.people import Tenant
from tests.support.quotes import a_customer
from tests.support.stories import inspector


@pytest.fixture
async def pool(house: House) -> AsyncIterator[Database]:
    made = Database(house.database.app, size=30)
    yield made
    await made.close()


async def drafts(house: House, tenant: Tenant, times: int) -> list[UUID]:
    customer = UUID(await a_customer(house, tenant))
    return await draft(house.database.admin, tenant.id, customer, times)


async def test_two_hundred_at_once_of_whom_each_tenth_gives_up(house: House, tenant: Tenant, pool: Database) -> None:
    undone = await number_all(pool, tenant.id, await drafts(house, tenant, 200), series=series_of(2026), failing=10)
    assert undone == 20
    assert await numbers_of(house.database.admin, tenant.id) == unbroken(2026, 180)


async def test_the_count_restarts_with_the_year_and_is_each_tenants_own(
    house: House, tenant: Tenant, other_tenant: Tenant, pool: Database
) -> None:
    for whose in (tenant, other_tenant):
        for year in (2026, 2027, 2026):
            await number_all(pool, whose.id, await drafts(house, whose, 3), series=series_of(year), failing=10**6)
    for whose in (tenant, other_tenant):
        found = await numbers_of(house.database.admin, whose.id)
        assert found == unbroken(2026, 4) + unbroken(2027, 2)


async def test_of_invoices_and_credit_notes_too_whoever_gives_up_or_is_cut_off(
    house: House, tenant: Tenant, pool: Database
) -> None:
    customer = UUID(await a_customer(house, tenant))
    ids = await draft(house.database.admin, tenant.id, customer, 100, DocumentKind.INVOICE)
    for kind, left in ((DocumentKind.INVOICE, 87), (DocumentKind.CREDIT_NOTE, 75)):
        undone = await number_all(pool, tenant.id, ids, series=series_of(2026, kind), failing=10, cutting=29)
        assert undone == len(ids) - left
        assert await numbers_of(house.database.admin, tenant.id, kind) == unbroken(2026, left)
        async with inspector(house) as admin:
            rows = await admin.fetch("select id from invoices where tenant_id = $1 and status = 'sent'", tenant.id)
        ids = [row["id"] for row in rows]

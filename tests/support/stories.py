"""What the database holds about a test's tenant, as an inspector sees it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from tests.support.house import House
from tests.support.people import Tenant

_EVENTS = "select * from events where tenant_id = $1 order by occurred_at, subject_version, id"


@asynccontextmanager
async def inspector(house: House) -> AsyncIterator[asyncpg.Connection]:
    """A connection that sees all tenants."""
    connection = await asyncpg.connect(house.database.admin)
    try:
        yield connection
    finally:
        await connection.close()


async def events_of(house: House, tenant: Tenant) -> list[asyncpg.Record]:
    """What has been recorded in the tenant, in order."""
    async with inspector(house) as admin:
        found: list[asyncpg.Record] = await admin.fetch(
            "select * from events where tenant_id = $1 order by id", tenant.id
        )
    return found

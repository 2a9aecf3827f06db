"""What the database holds about a test's tenant, as an inspector sees it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

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


async def give_limits(house: House, tenant: UUID, **limits: Any) -> None:
    """Limits of its own, as its operator sets them."""
    async with inspector(house) as admin:
        await admin.execute("update directory.tenants set limits = $2 where id = $1", tenant, json.dumps(limits))


async def events_of(house: House, tenant: Tenant) -> list[asyncpg.Record]:
    """What has been recorded in the tenant, in order."""
    async with inspector(house) as admin:
        found: list[asyncpg.Record] = await admin.fetch(
            "select * from events where tenant_id = $1 order by id", tenant.id
        )
    return found

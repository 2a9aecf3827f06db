"""What the database holds about a test's tenant, as an inspector sees it."""

import json
from contextlib import AbstractAsyncContextManager
from typing import Any
from uuid import UUID

import asyncpg

from tests.support.house import House
from tests.support.people import Tenant

_EVENTS = "select * from events where tenant_id = $1 order by occurred_at, subject_version, id"


def inspector(house: House) -> AbstractAsyncContextManager[asyncpg.Connection]:
    """A connection that sees all tenants."""
    return house.inspectors.one()


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

"""Attack C14 182: whoever reads changes nothing."""

import asyncpg

from tests.security.http.operations import MAKERS, Operation, anybody, ids_in, operations_of
from tests.support.databases import TestDatabase
from tests.support.house import House
from tests.support.people import Tenant
from tests.support.secret_links import secrets_of

_TABLES = """
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname in ('public', 'directory', 'work') order by 1
"""


async def sums(database: TestDatabase) -> dict[str, str]:
    """A checksum of every table."""
    admin = await asyncpg.connect(database.admin)
    try:
        names = [row["name"] for row in await admin.fetch(_TABLES)]
        one = "select coalesce(md5(string_agg(t::text, '|' order by t::text)), '') from {} t"
        return {name: str(await admin.fetchval(one.format(name))) for name in names if name != "work.clock"}
    finally:
        await admin.close()


NOTED = {"exportCustomers", "getJobFile"}
"""What is noted in the audit log: who fetched a file with everybody's data."""

COUNTED = {"public.api_calls"}
"""Where each request is counted, some seconds later."""

NOT_THERE = {"getLogo", "getReconciliation"}
"""What a tenant has none of at first."""


async def query_of(house: House, tenant: Tenant, operation: Operation) -> dict[str, str]:
    """What its query must name, with ids of the tenant's own."""
    own = {name: await MAKERS[name](house, tenant) for name in operation.query if name in MAKERS}
    return {**operation.query, **own}


async def test_reading_changes_nothing(house: House, tenant: Tenant) -> None:
    all_readings = [operation for operation in await operations_of(house) if operation.method == "GET"]
    readings = [operation for operation in all_readings if operation.id not in NOTED]
    assert len(readings) > 5
    given = await secrets_of(house, tenant)
    asked = [
        (
            operation.at(
                {**await ids_in(house, tenant, operation), "tenantSlug": tenant.slug, **given.get(operation.id, {})}
            ),
            await query_of(house, tenant, operation),
            operation,
        )
        for operation in readings
    ]
    before = await sums(house.database)
    async with anybody(house) as client:
        client.headers["Authorization"] = f"Bearer {tenant.owner.token}"
        for address, query, operation in asked:
            for method in ("GET", "HEAD", "OPTIONS"):
                params = {} if method == "OPTIONS" else query
                answer = await client.request(method, address, params=params, headers=operation.headers)
                is_absent = operation.id in NOT_THERE and answer.status_code == 404
                assert answer.status_code < 400 or is_absent, (method, address)
    after = await sums(house.database)
    assert {name for name in before if before[name] != after[name]} - COUNTED == set()
    async with house.client(tenant.owner.token) as client:
        assert (await client.post("/customers", json={"name": "Grace"})).status_code == 201
    assert {name for name, value in (await sums(house.database)).items() if value != before[name]} >= {
        "public.customers",
        "public.events",
    }

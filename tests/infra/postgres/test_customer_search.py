"""The functions that find customers keep to the bound tenant, and find by index. Architecture 11."""

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
import pytest

from domains.shared.ids import new_id
from infra.postgres.binding import begin
from tests.support.databases import Databases, TestDatabase

TENANTS, ROWS = 4, 20_000
FILL = f"""
    create temporary table chosen as select gen_random_uuid() as tenant, n from generate_series(0, {TENANTS - 1}) n;
    insert into tenants select tenant, 's', 'n', 'UTC', 'USD', 'en', 1, now(), now() from chosen;
    insert into customers (tenant_id, id, name, emails, phones, addresses, tags, custom, created_at, updated_at)
    select tenant, gen_random_uuid(),
           case when i <= {TENANTS} then 'Ada Lovelace' else translate(md5(i::text), '0123456789', 'ghijklmnop') end,
           case when i <= {TENANTS} then array['ada@example.com'] else '{{}}' end, '{{}}', '[]', array['common'],
           '{{}}', now(), now()
    from generate_series(1, {ROWS}) i join chosen on chosen.n = i % {TENANTS};
    analyze customers;
"""
FIND = "select id from public.find_customers('lovelase', null, false, null, null, 'relevance', null, null, null, 20)"
TAGGED = (
    "select {shown} from public.find_customers(null, array['tag common'], false, null, null, '{sort}', null, null,"
    " null, {most})"
)
OWNERS = "select id from public.owners_of_contacts(array['ada@example.com'])"


class Crowd(msgspec.Struct, frozen=True):
    """A database with many customers, and its tenants."""

    database: TestDatabase
    tenants: list[UUID]


@pytest.fixture(scope="module")
async def crowd(databases: Databases) -> Crowd:
    database = await databases.new()
    admin = await asyncpg.connect(database.admin)
    try:
        await admin.execute(FILL)
        return Crowd(database, [row["tenant_id"] for row in await admin.fetch("select tenant_id from tenants")])
    finally:
        await admin.close()


@pytest.fixture
async def app(crowd: Crowd) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(crowd.database.app)
    yield connection
    await connection.close()


@pytest.mark.parametrize("asked", [FIND, OWNERS])
async def test_the_functions_keep_to_the_bound_tenant(crowd: Crowd, app: asyncpg.Connection, asked: str) -> None:
    found = []
    for tenant in crowd.tenants:
        await begin(app, tenant)
        found += [row["id"] for row in await app.fetch(asked)]
        assert await app.fetchval("select count(*) from customers where id = any ($1)", found[-1:]) == 1
        await app.execute("rollback")
    assert len(found) == len(set(found)) == len(crowd.tenants)
    for nobody in (None, new_id()):
        await begin(app, nobody)
        assert await app.fetch(asked) == []
        await app.execute("rollback")


async def plan_of(url: str, tenant: UUID, sql: str) -> list[dict[str, Any]]:
    connection = await asyncpg.connect(url)
    try:
        await begin(connection, tenant)
        if "frontdesk_owner" in url:
            await connection.execute("set local role frontdesk_search")
        return list(_nodes(json.loads(await connection.fetchval(f"explain (format json) {sql}"))[0]["Plan"]))
    finally:
        await connection.close()


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for below in plan.get("Plans", ()) for node in _nodes(below))]


async def test_the_index_is_reached_by_the_functions_and_by_the_application_it_would_not_be(crowd: Crowd) -> None:
    asked = f"select id from customers where tenant_id = '{crowd.tenants[0]}' and found_by @@ 'abcde~lovelase'"
    nodes = await plan_of(crowd.database.owner, crowd.tenants[0], asked)
    assert "customers_by_what_is_kept" in {node.get("Index Name") for node in nodes}, nodes
    refused = await plan_of(crowd.database.app, crowd.tenants[0], asked)
    assert "customers_by_what_is_kept" not in {node.get("Index Name") for node in refused}, refused


async def test_what_is_common_and_what_is_rare_are_listed_alike(crowd: Crowd, app: asyncpg.Connection) -> None:
    await begin(app, crowd.tenants[0])
    in_order = "select id from customers order by sort_name desc, id desc limit 50"
    tagged = TAGGED.format(shown="id", sort="-name", most=50) + " f order by f.place"
    assert await app.fetch(tagged) == await app.fetch(in_order)
    total = TAGGED.format(shown="count(*)", sort="name", most="null")
    assert await app.fetchval(total) == ROWS / TENANTS

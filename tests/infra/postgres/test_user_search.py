"""The search functions: they keep to the bound tenant, and find by index. Architecture 11."""

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

ROWS, TENANTS = 20_000, 4
FILL = f"""
    create temporary table chosen as select gen_random_uuid() as tenant, n from generate_series(0, {TENANTS - 1}) n;
    insert into tenants select tenant, 's', 'n', 'UTC', 'USD', 'en', 1, now(), now() from chosen;
    insert into users (tenant_id, id, account_id, role, email, username, display_name, created_at, updated_at)
    select tenant, gen_random_uuid(), gen_random_uuid(), 'member', 'u' || i || '@example.com', 'u' || i,
           initcap(translate(md5(i::text), '0123456789', 'ghijklmnop')), now(), now()
    from generate_series(1, {ROWS}) i join chosen on chosen.n = i % {TENANTS};
    update users set display_name = 'Ada Lovelace' where username in ('u1', 'u2', 'u3', 'u4');
    analyze users;
"""
SEARCH = "select id from public.search_users($1, 'admins', 20)"
MATCHING = "select id from public.matching_users($1, null, null, null, 'admins', false, null, null, 20)"
PLANNED = """
    select u.id from public.users u
    where u.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid
      and u.search_admins {operator} {value} and u.suspended_at is null and u.erased_at is null
"""


class Crowd(msgspec.Struct, frozen=True):
    """A database with many users, and its tenants."""

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


@pytest.mark.parametrize("asked", [SEARCH, MATCHING])
async def test_the_functions_give_ids_of_the_bound_tenant_only(
    crowd: Crowd, app: asyncpg.Connection, asked: str
) -> None:
    found = []
    for tenant in crowd.tenants:
        await begin(app, tenant)
        found += [row["id"] for row in await app.fetch(asked, "ada lovelace")]
        assert await app.fetchval("select count(*) from users where id = any ($1)", found[-1:]) == 1
        await app.execute("rollback")
    assert len(found) == len(set(found)) == len(crowd.tenants)
    for nobody in (None, new_id()):
        await begin(app, nobody)
        assert await app.fetch(asked, "ada lovelace") == []
        await app.execute("rollback")


async def plan_of(url: str, tenant: UUID, sql: str) -> list[dict[str, Any]]:
    connection = await asyncpg.connect(url)
    try:
        await begin(connection, tenant)
        if "frontdesk_owner" in url:
            await connection.execute("set local role frontdesk_search")
        await connection.execute("set local search_path = pg_catalog, extensions")
        return list(_nodes(json.loads(await connection.fetchval(f"explain (format json) {sql}"))[0]["Plan"]))
    finally:
        await connection.close()


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for below in plan.get("Plans", ()) for node in _nodes(below))]


@pytest.mark.parametrize(
    ("operator", "value"), [("like", "'% lovelace%'"), ("%>", "'lovelase'"), ("like", "'%,plumbing,%'")]
)
async def test_what_the_functions_ask_is_found_by_index_and_by_the_application_it_would_not_be(
    crowd: Crowd, operator: str, value: str
) -> None:
    asked = PLANNED.format(operator=operator, value=value)
    nodes = await plan_of(crowd.database.owner, crowd.tenants[0], asked)
    assert "users_by_words" in {node.get("Index Name") for node in nodes}, nodes
    assert "Seq Scan" not in {node["Node Type"] for node in nodes}
    admin = await asyncpg.connect(crowd.database.admin)
    await admin.execute("grant usage on schema extensions to frontdesk_app")
    refused = await plan_of(crowd.database.app, crowd.tenants[0], asked)
    await admin.execute("revoke usage on schema extensions from frontdesk_app")
    await admin.close()
    conditions = " ".join(str(node.get("Index Cond", "")) for node in refused)
    assert "search_admins" not in conditions, refused


async def test_the_directory_without_a_filter_is_read_in_order_of_names(crowd: Crowd) -> None:
    asked = """
        select id from public.users u where u.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid
        and u.erased_at is null and u.suspended_at is null and (u.sort_name, u.id) > ('m', null)
        order by u.sort_name, u.id limit 21
    """.replace("null)", f"'{UUID(int=7)}')")
    nodes = await plan_of(crowd.database.owner, crowd.tenants[0], asked)
    assert {node["Node Type"] for node in nodes} == {"Limit", "Index Scan"}
    assert nodes[-1]["Index Name"] == "users_by_name"

"""The search functions: they keep to the bound tenant, and find by index. Architecture 11."""

from uuid import UUID

import asyncpg
import pytest

from tests.support.crowds import Crowd, crowd_of, found_by_each, plan_of
from tests.support.databases import Databases

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


@pytest.fixture(scope="module")
async def crowd(databases: Databases) -> Crowd:
    return await crowd_of(databases, FILL)


@pytest.mark.parametrize("asked", [SEARCH, MATCHING])
async def test_the_functions_give_ids_of_the_bound_tenant_only(crowd: Crowd, asked: str) -> None:
    found = await found_by_each(crowd, asked, "users", "ada lovelace")
    assert [len(ids) for ids, _ in found] == [*[1] * len(crowd.tenants), 0, 0]
    assert all(ids == own for ids, own in found)


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

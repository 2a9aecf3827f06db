"""The functions that find customers keep to the bound tenant, and find by index. Architecture 11."""

import pytest

from infra.postgres.binding import begin
from tests.support.crowds import Crowd, crowd_of, found_by_each, plan_of
from tests.support.databases import Databases

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


@pytest.fixture(scope="module")
async def crowd(databases: Databases) -> Crowd:
    return await crowd_of(databases, FILL)


@pytest.mark.parametrize("asked", [FIND, OWNERS])
async def test_the_functions_keep_to_the_bound_tenant(crowd: Crowd, asked: str) -> None:
    found = await found_by_each(crowd, asked, "customers")
    assert [len(ids) for ids, _ in found] == [*[1] * len(crowd.tenants), 0, 0]
    assert all(ids == own for ids, own in found)


async def test_the_index_is_reached_by_the_functions_and_by_the_application_it_would_not_be(crowd: Crowd) -> None:
    asked = f"select id from customers where tenant_id = '{crowd.tenants[0]}' and found_by @@ 'abcde~lovelase'"
    nodes = await plan_of(crowd.database.owner, crowd.tenants[0], asked)
    assert "customers_by_what_is_kept" in {node.get("Index Name") for node in nodes}, nodes
    refused = await plan_of(crowd.database.app, crowd.tenants[0], asked)
    assert "customers_by_what_is_kept" not in {node.get("Index Name") for node in refused}, refused


async def test_what_is_common_and_what_is_rare_are_listed_alike(crowd: Crowd) -> None:
    async with crowd.connected() as app:
        await begin(app, crowd.tenants[0])
        in_order = "select id from customers order by sort_name desc, id desc limit 50"
        tagged = TAGGED.format(shown="id", sort="-name", most=50) + " f order by f.place"
        assert await app.fetch(tagged) == await app.fetch(in_order)
        total = TAGGED.format(shown="count(*)", sort="name", most="null")
        assert await app.fetchval(total) == ROWS / TENANTS

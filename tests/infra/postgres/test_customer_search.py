"""The functions that find customers keep to the bound tenant, and find by index. Architecture 11."""

from collections.abc import AsyncIterator

import asyncpg
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

ADD_MIXED = """
    insert into customers (tenant_id, id, name, emails, phones, addresses, tags, custom, created_at, updated_at)
    values ($1, gen_random_uuid(), 'Abж Plain жen', '{}', '{}', '[]', '{}', '{}', now(), now())
    returning tsvector_to_array(found_by)
"""

MANY, LONELY = 26_000, 25_980
# Rows have what they are found by at once: the trigger is another test's, and takes longest. Everybody is even or odd,
# the first 14,000 are early, and the last ten are all of it, two of them in longer words. One has words that begin as
# the common ones do. The streets are for the planner: it believes 2 % of any beginning of a word until it knows a
# hundred common words.
FILL_ONE = f"""
    set session_replication_role = replica;
    create temporary table chosen as select gen_random_uuid() as tenant;
    insert into tenants select tenant, 's', 'n', 'UTC', 'USD', 'en', 1, now(), now() from chosen;
    insert into customers
        (tenant_id, id, name, emails, phones, addresses, tags, custom, found_by, created_at, updated_at)
    select tenant, gen_random_uuid(), lpad(i::text, 5, '0'), '{{}}', '{{}}', '[]', '{{}}', '{{}}',
           array_to_tsvector(array(
               select left(md5(tenant::text), 5) || case
                   when i = {MANY} and word = 'odd' then 'odds'
                   when i = {MANY} - 1 and word = 'even' then 'evenж'
                   when i = {LONELY} then 'ever' else word end
               from (values ('even', i % 2 = 0), ('odd', i % 2 = 1), ('early', i <= 14000)) each (word, has)
               where has or i > {MANY - 10}
               union all select left(md5(tenant::text), 5) || '>even' where i = {MANY} - 1
               union all select left(md5(tenant::text), 5) || 'odor' where i = {LONELY}
               union all select left(md5(tenant::text), 5) || 'street' || i % 120)), now(), now()
    from generate_series(1, {MANY}) i, chosen order by i;
    analyze customers;
"""
SEARCH = (
    "select c.name from public.find_customers($1, null, false, null, null, $2, $3, $4, $5, $6) f"
    " join customers c using (id) order by f.place"
)
PLACE = "select sort_name, id from customers where name = $1"
LAST = [str(each) for each in range(MANY - 9, MANY + 1)]
SCANS = "select pg_stat_get_xact_numscans('customers_by_what_is_kept'::regclass)"


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


async def test_where_a_word_goes_on_in_another_script_is_marked(crowd: Crowd) -> None:
    admin = await asyncpg.connect(crowd.database.admin)
    transaction = admin.transaction()
    await transaction.start()
    lexemes = await admin.fetchval(ADD_MIXED, crowd.tenants[0])
    marked = {lexeme[5:] for lexeme in lexemes if ">" in lexeme}
    assert marked == {">ab", "=>ab", "~>ab", "~>a", "~>b"}
    await transaction.rollback()
    await admin.close()


@pytest.fixture(scope="module")
async def one(databases: Databases) -> Crowd:
    return await crowd_of(databases, FILL_ONE)


@pytest.fixture
async def app(one: Crowd) -> AsyncIterator[asyncpg.Connection]:
    async with one.connected() as app:
        await begin(app, one.tenants[0])
        yield app


async def page(
    app: asyncpg.Connection, asked: str, sort: str, *, after: str | None = None, most: int = 20
) -> list[str]:
    row = await app.fetchrow(PLACE, after)
    rank, key, last = (2, *row) if row else (None, None, None)
    return [row["name"] for row in await app.fetch(SEARCH, asked, sort, rank, key, last, most)]


async def test_what_many_have_fills_a_page_without_the_index(app: asyncpg.Connection) -> None:
    assert await page(app, "even", "name", most=3) == ["00002", "00004", "00006"]
    assert await page(app, "even", "name", after=LAST[-3]) == LAST[-2:]
    assert await app.fetchval(SCANS) == 0


@pytest.mark.parametrize("sort", ["relevance", "name"])
async def test_whose_words_are_all_common_is_found_at_the_end_of_the_list(app: asyncpg.Connection, sort: str) -> None:
    assert await page(app, "even odd", sort) == LAST
    assert await page(app, "even odd", sort, most=4) == LAST[:4]
    assert await page(app, "even odd", sort, after=LAST[3], most=4) == LAST[4:8]
    assert await page(app, "even odd", "-name", most=4) == LAST[:-5:-1]


@pytest.mark.parametrize("asked", ["eve od", "ev o", "od ev"])
async def test_whose_words_are_typed_in_part_is_found_however_they_go_on(app: asyncpg.Connection, asked: str) -> None:
    assert await page(app, asked, "relevance") == [str(LONELY), *LAST]
    assert await page(app, asked, "name", after=str(LONELY)) == LAST


@pytest.mark.parametrize("sort", ["relevance", "name"])
async def test_of_more_than_are_sorted_at_once_none_is_missed(app: asyncpg.Connection, sort: str) -> None:
    assert await page(app, "early", sort, after="14000") == LAST
    assert await page(app, "early", sort, after="13998") == ["13999", "14000", *LAST]


@pytest.mark.parametrize("sort", ["relevance", "name"])
@pytest.mark.parametrize(("asked", "total"), [("even odd", 10), ("early", 14_010), ("even", 13_004), ("none", 0)])
async def test_a_total_counts_all(app: asyncpg.Connection, sort: str, asked: str, total: int) -> None:
    count = "select count(*) from public.find_customers($1, null, false, null, null, $2, null, null, null, null)"
    assert await app.fetchval(count, asked, sort) == total

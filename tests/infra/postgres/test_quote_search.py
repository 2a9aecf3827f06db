"""Quotes and invoices are found by index, as the application and under row-level security, and only one's own."""

import json
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
import pytest

from domains.identity import MailedLink
from domains.quotes import QuoteFilter, QuoteLinks, QuoteStatus
from domains.shared.actor import Actor
from domains.shared.ids import new_id
from domains.shared.paging import PageRequest
from domains.shared.permissions import Role
from infra.postgres.database import Database
from infra.postgres.quotes import PostgresQuoteQueries
from infra.postgres.recording import Origin
from infra.postgres.work import PostgresWork
from infra.vault import AesVault
from tests.support.databases import Databases, TestDatabase
from tests.support.house import DATA_KEYS
from tests.support.work import CLOCK

ROWS = 20_000
TENANTS = 2
FILL = f"""
    create temporary table chosen as select gen_random_uuid() as tenant, n from generate_series(1, {TENANTS}) n;
    insert into tenants select tenant, 's', 'n', 'UTC', 'USD', 'en', 1, now(), now() from chosen;
    insert into customers (tenant_id, id, name, emails, phones, addresses, tags, custom, created_at, updated_at)
    select tenant, gen_random_uuid(), 'n', '{{}}', '{{}}', '[]', '{{}}', '{{}}', now(), now()
    from chosen, generate_series(1, 50);
    insert into quotes (tenant_id, id, status, customer_id, currency, prices_include_tax, items, subtotal,
                        discount_total, tax_total, taxes, total, search_text, created_at, updated_at)
    select tenant_id, gen_random_uuid(), 'draft', id, 'USD', false, '[]', 0, 0, 0, '[]', 0,
           case when i % 10 = 0 then 'mend the roof ' else 'work ' end || md5(i::text || id::text),
           now() - i * interval '1 s', now()
    from customers, generate_series(1, {ROWS // TENANTS // 50}) i;
    insert into invoices (tenant_id, id, status, customer_id, currency, prices_include_tax, items, subtotal,
                          discount_total, tax_total, taxes, total, amount_paid, amount_credited, amount_due, reminders,
                          search_text, created_at, updated_at)
    select tenant_id, id, 'draft', customer_id, currency, false, items, 0, 0, 0, taxes, 0, 0, 0, 0, 0, search_text,
           created_at, updated_at from quotes;
    analyze;
"""
PLANNED = """
    select q.id from public.{0} q
    where q.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid and q.search_text like '%zebra%'
"""
KINDS = pytest.mark.parametrize("table", ["quotes", "invoices"])


class Filled(msgspec.Struct, frozen=True):
    """A database with many quotes, and one of its customers and tenants."""

    database: TestDatabase
    tenant: UUID
    customer: UUID


@pytest.fixture(scope="module")
async def filled(databases: Databases) -> Filled:
    database = await databases.new()
    admin = await asyncpg.connect(database.admin)
    await admin.execute(FILL)
    await admin.execute("vacuum analyze quotes, invoices")
    row = await admin.fetchrow("select tenant_id, id from customers limit 1")
    await admin.close()
    assert row
    return Filled(database, row["tenant_id"], row["id"])


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for below in plan.get("Plans", ()) for node in nodes(below))]


async def indexes(url: str, tenant: UUID, sql: str, *values: object) -> set[str]:
    """By which indexes `url`'s role finds what it asks for; a scan of the table is one too."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("begin")
        await connection.execute("select set_config('app.tenant_id', $1, true)", str(tenant))
        text = await connection.fetchval(f"explain (format json) {sql}", *values)
        found = nodes(json.loads(text)[0]["Plan"])
        return {node.get("Index Name", node["Node Type"]) for node in found if "Scan" in node["Node Type"]}
    finally:
        await connection.close()


async def found(filled: Filled, wanted: QuoteFilter) -> tuple[int | None, set[str]]:
    """How many there are, and by which indexes the page of them is read."""
    pool, asked = Database(filled.database.app, size=1), []
    async with pool.connection() as connection:
        connection.add_query_logger(lambda logged: asked.append((logged.query, logged.args)))
    actor = Actor(tenant=filled.tenant, user=new_id(), account=new_id(), session=new_id(), role=Role.OWNER)
    links = QuoteLinks(AesVault(DATA_KEYS), MailedLink("https://app.example"))
    queries = PostgresQuoteQueries(actor, links, PostgresWork(pool, filled.tenant, Origin(), {}, CLOCK))
    request = PageRequest(sort="created_at", descending=True, include_total=True)
    total = (await queries.page(wanted, request)).total
    async with pool.connection() as connection:
        await connection.fetchval("select 1")
    await pool.close()
    ((sql, values),) = [each for each in asked if each[0].strip().startswith("select id")]
    return total, await indexes(filled.database.app, filled.tenant, sql, *values)


async def test_lists_are_read_from_an_index_in_order(filled: Filled) -> None:
    assert await found(filled, QuoteFilter()) == (ROWS // TENANTS, {"quotes_by_creation"})
    assert await found(filled, QuoteFilter(customer_id=filled.customer)) == (
        ROWS // TENANTS // 50,
        {"quotes_by_customer"},
    )
    assert await found(filled, QuoteFilter(status=QuoteStatus.REJECTED)) == (0, {"quotes_by_status"})


@KINDS
async def test_words_are_looked_up_by_their_index_even_for_the_searching_role(filled: Filled, table: str) -> None:
    assert await indexes(filled.database.admin, filled.tenant, PLANNED.format(table)) >= {f"{table}_by_text"}


async def test_all_words_are_wanted(filled: Filled) -> None:
    total, _ = await found(filled, QuoteFilter(search="roof mend"))
    assert total == ROWS // TENANTS // 10


@KINDS
async def test_ids_of_the_bound_tenant_only(filled: Filled, table: str) -> None:
    connection = await asyncpg.connect(filled.database.app)
    asked = f"select count(*) from public.matching_{table}(array['%roof%'])"
    try:
        assert await connection.fetchval(asked) == 0
        await connection.execute("begin")
        await connection.execute("select set_config('app.tenant_id', $1, true)", str(filled.tenant))
        assert await connection.fetchval(asked) == ROWS // TENANTS // 10
    finally:
        await connection.close()

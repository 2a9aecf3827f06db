"""Hot queries find their rows by index, under row-level security and as the application. Architecture 11."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
import pytest

from domains.customers import CustomerFilter, TimelineEntry, TimelineKind
from domains.shared.actor import Actor
from domains.shared.ids import new_id
from domains.shared.paging import PageRequest
from domains.shared.permissions import Role
from infra.postgres.customer_queries import PostgresCustomerQueries
from infra.postgres.customer_timeline import PostgresTimelineEntries
from infra.postgres.customers import PostgresCustomers
from infra.postgres.database import Database
from infra.postgres.envelopes import PostgresEnvelopes
from infra.postgres.finding import Finding
from infra.postgres.recording import Origin
from infra.postgres.sessions import PostgresSessions
from infra.postgres.work import PostgresWork
from tests.support.databases import Databases, TestDatabase
from tests.support.work import CLOCK, work_over

TENANTS = 20
ROWS = 20_000
FILL = f"""
    create temporary table chosen as select gen_random_uuid() as tenant, n from generate_series(1, {TENANTS}) n;
    insert into tenants select tenant, 's', 'n', 'UTC', 'USD', 'en', 1, now(), now() from chosen;
    insert into customers (tenant_id, id, name, emails, phones, addresses, tags, custom, created_at, updated_at)
    select tenant, gen_random_uuid(), md5(i::text), '{{}}', '{{}}', '[]', '{{}}', '{{}}', now() - i * interval '1 s',
           now()
    from generate_series(1, {ROWS}) i join chosen on chosen.n = 1 + i % {TENANTS};
    insert into events select tenant_id, id, 'a', 1, id, 1, null, null, created_at, '{{}}' from customers;
    insert into work.envelopes (tenant_id, id, kind, subject_id, due_at)
    select tenant_id, id, 'a', id, created_at from customers;
    insert into directory.tenants select tenant, 'slug-' || n, 'n', now() from chosen;
    insert into directory.accounts select id, id::text, 'h', now(), now() from customers;
    insert into directory.memberships select id, tenant_id, id, 'owner', now() from customers;
    insert into directory.sessions select id, id, tenant_id, now() + interval '1 hour', now() from customers;
    analyze;
"""


class Filled(msgspec.Struct, frozen=True):
    """A database with many rows, and one of its tenants."""

    database: TestDatabase
    tenant: UUID
    customer: UUID


class Asked(msgspec.Struct, frozen=True):
    """A statement that the code has sent."""

    sql: str
    values: tuple[Any, ...]


@pytest.fixture(scope="module")
async def filled(databases: Databases) -> Filled:
    database = await databases.new()
    admin = await asyncpg.connect(database.admin)
    try:
        await admin.execute(FILL)
        row = await admin.fetchrow("select tenant_id, id from customers limit 1")
        assert row
        return Filled(database, row["tenant_id"], row["id"])
    finally:
        await admin.close()


class Watched:
    """A pool of one connection, and what is asked over it."""

    def __init__(self, url: str) -> None:
        self.pool = Database(url, size=1)
        self.asked: list[Asked] = []

    async def listen(self) -> None:
        async with self.pool.connection() as driver:
            driver.add_query_logger(lambda logged: self.asked.append(Asked(logged.query, tuple(logged.args or ()))))

    async def the(self, start: str) -> Asked:
        """The one statement that begins so. The driver tells of one when it gets to it: after the next."""
        async with self.pool.connection() as connection:
            await connection.fetchval("select 1")
        found = [asked for asked in self.asked if asked.sql.strip().startswith(start)]
        assert len(found) == 1, self.asked
        return found[0]


@pytest.fixture
async def app(filled: Filled) -> AsyncIterator[Watched]:
    watched = Watched(filled.database.app)
    await watched.listen()
    yield watched
    await watched.pool.close()


async def plan_of(url: str, tenant: UUID | None, asked: Asked, *, generic: bool) -> list[dict[str, Any]]:
    """The nodes of the plan, with the tenant bound, for these values or for any."""
    connection = await asyncpg.connect(url)
    try:
        mode = "force_generic_plan" if generic else "force_custom_plan"
        await connection.execute("begin; set local plan_cache_mode = " + mode)
        await connection.execute("select set_config('app.tenant_id', $1, true)", str(tenant or ""))
        text = await connection.fetchval(f"explain (format json) {asked.sql}", *asked.values)
        return list(_nodes(json.loads(text)[0]["Plan"]))
    finally:
        await connection.close()


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for below in plan.get("Plans", ()) for node in _nodes(below))]


def kinds(nodes: list[dict[str, Any]]) -> set[str]:
    return {node["Node Type"] for node in nodes}


def indexes(nodes: list[dict[str, Any]]) -> set[str]:
    return {node["Index Name"] for node in nodes if "Index Name" in node}


def queries(pool: Database, tenant: UUID) -> PostgresCustomerQueries:
    actor = Actor(tenant=tenant, user=new_id(), account=new_id(), session=new_id(), role=Role.OWNER)
    return PostgresCustomerQueries(actor, PostgresWork(pool, tenant, Origin(), {}, CLOCK))


class Sorted(msgspec.Struct, frozen=True):
    """A way to sort, a position on the way, and the index that is in that order."""

    sort: str
    position: tuple[str, str]
    index: str


ANY_ID = str(UUID(int=7))
HALF_WAY = timedelta(seconds=ROWS / 2)
SORTS = (
    Sorted("created_at", ((datetime.now(UTC) - HALF_WAY).isoformat(), ANY_ID), "customers_by_creation"),
    Sorted("name", ("77", ANY_ID), "customers_by_name"),
)
REQUESTS = [
    (by, PageRequest(sort=by.sort, descending=descending, after=after))
    for by in SORTS
    for descending in (True, False)
    for after in (None, by.position)
]


@pytest.mark.parametrize("generic", [False, True])
@pytest.mark.parametrize(("by", "wanted"), REQUESTS)
async def test_a_page_is_read_from_its_index_in_order(
    filled: Filled, app: Watched, by: Sorted, wanted: PageRequest, generic: bool
) -> None:
    await queries(app.pool, filled.tenant).page(CustomerFilter(), wanted)
    nodes = await plan_of(filled.database.app, filled.tenant, await app.the("select id"), generic=generic)
    assert kinds(nodes) == {"Limit", "Index Scan"}
    assert indexes(nodes) == {by.index}
    assert "tenant_id" in nodes[-1]["Index Cond"]
    assert ("ROW(" in nodes[-1]["Index Cond"]) == (wanted.after is not None)


@pytest.mark.parametrize("generic", [False, True])
async def test_one_customer_is_found_by_its_key(filled: Filled, app: Watched, generic: bool) -> None:
    await queries(app.pool, filled.tenant).one(filled.customer)
    async with PostgresWork(app.pool, filled.tenant, Origin(), {}, CLOCK) as work:
        await PostgresCustomers(work).for_change(filled.customer)
    for asked in (one for one in app.asked if one.sql.startswith("select")):
        nodes = await plan_of(filled.database.app, filled.tenant, asked, generic=generic)
        assert kinds(nodes) <= {"Index Scan", "LockRows"}, asked
        assert indexes(nodes) == {"customers_pkey"}
        assert "tenant_id" in nodes[-1]["Index Cond"]


@pytest.mark.parametrize("generic", [False, True])
async def test_an_entry_of_a_timeline_does_not_read_the_other_customers(
    filled: Filled, app: Watched, generic: bool
) -> None:
    entry = TimelineEntry(
        id=new_id(),
        customer=filled.customer,
        kind=TimelineKind.CUSTOMER_CREATED,
        subject=filled.customer,
        actor=None,
        occurred_at=CLOCK.now(),
    )
    async with work_over(app.pool, filled.tenant) as work:
        await PostgresTimelineEntries(work).add(entry)
    nodes = await plan_of(filled.database.app, filled.tenant, await app.the("with bound"), generic=generic)
    assert indexes(nodes) == {"customers_erased"}


async def test_a_count_reads_one_tenants_part_of_an_index(filled: Filled, app: Watched) -> None:
    request = PageRequest(sort="name", descending=False, include_total=True)
    page = await queries(app.pool, filled.tenant).page(CustomerFilter(), request)
    assert page.total == ROWS / TENANTS
    nodes = await plan_of(filled.database.app, filled.tenant, await app.the("select count"), generic=True)
    assert "Seq Scan" not in kinds(nodes)


async def test_a_session_is_found_by_its_key(filled: Filled, app: Watched) -> None:
    found = await PostgresSessions(app.pool).find(filled.customer)
    assert found
    assert found.tenant == filled.tenant
    inside = "select prosrc from pg_proc where oid = 'directory.access(uuid)'::regprocedure"
    owner = await asyncpg.connect(filled.database.owner)
    body = str(await owner.fetchval(inside)).replace("sessions s", "directory.sessions s")
    await owner.close()
    body = body.replace("join m", "join directory.m").replace("join t", "join directory.t")
    asked = Asked(body.replace("= session", "= $1"), (filled.customer,))
    nodes = await plan_of(filled.database.owner, None, asked, generic=True)
    assert "Seq Scan" not in kinds(nodes)
    assert {"sessions_pkey", "memberships_pkey"} <= indexes(nodes)


@pytest.mark.parametrize("generic", [False, True])
async def test_what_is_due_is_found_in_order(filled: Filled, generic: bool) -> None:
    relay = Watched(filled.database.relay)
    await relay.listen()
    assert len(await PostgresEnvelopes(finding=Finding(relay.pool), taking=relay.pool).due()) == 20 * TENANTS
    nodes = await plan_of(filled.database.relay, None, await relay.the("select tenant_id, id"), generic=generic)
    assert "Sort" not in kinds(nodes)
    assert "envelopes_due" in indexes(nodes)
    stepping = await plan_of(filled.database.relay, None, await relay.the("with recursive"), generic=generic)
    await relay.pool.close()
    assert "envelopes_of_tenant" in indexes(stepping)


async def test_what_has_no_index_is_seen(filled: Filled) -> None:
    by_hash = Asked("select id from directory.accounts where password_hash = $1", ("x",))
    assert "Seq Scan" in kinds(await plan_of(filled.database.owner, None, by_hash, generic=False))
    by_notes = Asked("select id from customers order by notes limit $1", (20,))
    assert "Sort" in kinds(await plan_of(filled.database.app, filled.tenant, by_notes, generic=True))

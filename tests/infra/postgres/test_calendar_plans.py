"""What is asked of the calendar finds its rows by index, under row-level security and as the application."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from domains.appointments import AppointmentFilter, Span
from domains.shared.actor import Actor
from domains.shared.ids import new_id
from domains.shared.paging import PageRequest
from domains.shared.permissions import Role
from infra.postgres.appointments import PostgresAppointmentQueries, PostgresCalendar
from tests.infra.postgres.test_plans import Filled, Watched, indexes, kinds, plan_of
from tests.support.databases import Databases
from tests.support.work import work_over

BEGIN = datetime(2027, 1, 4, tzinfo=UTC)
FILL = """
    create temporary table chosen as select gen_random_uuid() as tenant, n from generate_series(1, 20) n;
    insert into directory.tenants select tenant, 'slug-' || n, 'n', now() from chosen;
    insert into tenants (tenant_id, slug, name, timezone, currency, locale, created_at, updated_at)
    select tenant, 's', 'n', 'UTC', 'USD', 'en', now(), now() from chosen;
    insert into customers (tenant_id, id, name, emails, phones, addresses, tags, custom, created_at, updated_at)
    select tenant, tenant, 'Grace', '{}', '{}', '[]', '{}', '{}', now(), now() from chosen;
    insert into appointments (tenant_id, id, customer_id, staff_id, starts_at, ends_at, blocked_from, blocked_until,
        timezone, starts_local, status, title, resource_ids, reminder_minutes, created_at, updated_at)
    select tenant, gen_random_uuid(), tenant, tenant, at, at + interval '1 hour', at, at + interval '1 hour', 'UTC',
           at, 'scheduled', 'Visit', '{}', '{}', now(), now()
    from chosen, generate_series('2027-01-04Z'::timestamptz, '2027-05-01Z', '2 hours') at;
    insert into occupancies select tenant_id, id, staff_id, blocked_from, blocked_until from appointments;
    insert into imported_calendars (tenant_id, id, user_id, url, locked_with, fetch_at, failures, created_at,
        updated_at)
    select tenant, tenant, tenant, '', '', now(), 0, now(), now() from chosen;
    insert into busy_times
    select tenant_id, tenant_id, blocked_from, blocked_until, staff_id from appointments;
    analyze;
"""


@pytest.fixture(scope="module")
async def filled(databases: Databases) -> Filled:
    database = await databases.new()
    admin = await asyncpg.connect(database.admin)
    try:
        await admin.execute(FILL)
        tenant: UUID = await admin.fetchval("select tenant from chosen limit 1")
        return Filled(database, tenant, tenant)
    finally:
        await admin.close()


@pytest.fixture
async def app(filled: Filled) -> AsyncIterator[Watched]:
    watched = Watched(filled.database.app)
    await watched.listen()
    yield watched
    await watched.pool.close()


@pytest.mark.parametrize("generic", [False, True])
async def test_what_people_have_to_do_is_one_stretch_of_each_index(filled: Filled, app: Watched, generic: bool) -> None:
    during = Span(BEGIN + timedelta(days=30), BEGIN + timedelta(days=31))
    async with work_over(app.pool, filled.tenant) as work:
        found = await PostgresCalendar(work).commitments([filled.tenant, new_id()], during)
    assert (len(found.taken), len(found.elsewhere)) == (12, 12)
    nodes = await plan_of(filled.database.app, filled.tenant, await app.the("select holder_id"), generic=generic)
    assert "Seq Scan" not in kinds(nodes)
    assert indexes(nodes) == {"busy_times_by_user", "occupancies_by_holder"}
    conditions = " ".join(str(node.get("Index Cond")) for node in nodes)
    assert all(column in conditions for column in ("tenant_id", "holder_id", "starts_at"))


@pytest.mark.parametrize("generic", [False, True])
@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (AppointmentFilter(start=BEGIN + timedelta(days=3)), "appointments_by_start"),
        (AppointmentFilter(staff_id=new_id()), "appointments_by_staff"),
        (AppointmentFilter(customer_id=new_id()), "appointments_by_customer"),
    ],
    ids=["all", "of a person", "of a customer"],
)
async def test_lists_are_read_from_an_index_in_order(
    filled: Filled, app: Watched, wanted: AppointmentFilter, index: str, generic: bool
) -> None:
    actor = Actor(tenant=filled.tenant, user=new_id(), account=new_id(), session=new_id(), role=Role.OWNER)
    queries = PostgresAppointmentQueries(actor, work_over(app.pool, filled.tenant))
    await queries.page(wanted, PageRequest(sort="starts_at", descending=False))
    nodes = await plan_of(filled.database.app, filled.tenant, await app.the("select id"), generic=generic)
    assert kinds(nodes) == {"Limit", "Index Scan"}
    assert indexes(nodes) == {index}

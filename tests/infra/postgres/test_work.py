"""The unit of work: all or nothing, and no answer that claims what was not stored."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from domains.shared.errors import Unavailable
from domains.shared.events import Event
from domains.shared.ids import new_id
from infra.postgres.database import Database
from infra.postgres.envelopes import PostgresEnvelopes
from infra.postgres.events import PostgresEvents
from infra.postgres.finding import Finding
from infra.postgres.recording import Origin
from infra.postgres.work import PostgresWork
from tests.security.two_tenants import TwoTenants, two_tenants
from tests.support.databases import Databases, TestDatabase
from tests.support.house import House, house_over
from tests.support.people import Tenant, new_tenant
from tests.support.work import CLOCK

pytestmark = pytest.mark.breaks_invariants("tenants that nobody founded, and envelopes that nobody handles")

SUBSCRIPTIONS = {"visit.made": ("first", "second")}


class VisitMade(Event, frozen=True):
    """A visit was made."""

    type = "visit.made"
    minutes: int


class Refusal(Exception):
    """What a use case raises."""


@pytest.fixture
async def tenants(own_database: TestDatabase) -> TwoTenants:
    return await two_tenants(own_database)


@pytest.fixture
async def pool(own_database: TestDatabase) -> AsyncIterator[Database]:
    pool = Database(own_database.app, size=6)
    yield pool
    await pool.close()


def work_of(pool: Database, tenant: UUID | None, user: UUID | None = None) -> PostgresWork:
    return PostgresWork(pool, tenant, Origin("request-7", user), SUBSCRIPTIONS, CLOCK)


async def _change_and_tell(work: PostgresWork, *, then: Exception | None = None) -> None:
    async with work:
        await work.connection.execute("update customers set notes = 'changed'")
        work.record(VisitMade(subject=work.tenant, minutes=30))
        if then:
            raise then


async def _stored(tenants: TwoTenants) -> list[object]:
    counted = ("customers where notes = 'changed'", "events", "work.envelopes")
    return [await tenants.inspect(f"select count(*) from {what}") for what in counted]


async def test_changes_events_and_envelopes_are_stored_together(pool: Database, tenants: TwoTenants) -> None:
    user = new_id()
    await _change_and_tell(work_of(pool, tenants.a.tenant, user))
    assert await _stored(tenants) == [1, 1, 2]
    row = await tenants.inspect(
        "select row(tenant_id, type, version, subject_id, subject_version, actor_id, correlation_id, data)::text"
        " from events"
    )
    tenant = tenants.a.tenant
    assert row == f'({tenant},visit.made,1,{tenant},1,{user},request-7,"{{""minutes"": 30}}")'
    told = await tenants.inspect("select array_agg(kind || attempts order by 1) from work.envelopes")
    assert told == ["first0", "second0"]


async def test_a_refusal_undoes_changes_events_and_envelopes(pool: Database, tenants: TwoTenants) -> None:
    work = work_of(pool, tenants.a.tenant)
    with pytest.raises(Refusal):
        await _change_and_tell(work, then=Refusal())
    assert await _stored(tenants) == [0, 0, 0]
    async with work:
        await work.connection.execute("update customers set notes = 'changed'")
    assert await _stored(tenants) == [1, 0, 0]


async def test_a_use_case_is_one_transaction(pool: Database, tenants: TwoTenants) -> None:
    work = work_of(pool, tenants.a.tenant)
    with pytest.raises(RuntimeError):
        _ = work.connection
    async with work:
        with pytest.raises(RuntimeError):
            await work.__aenter__()
        with pytest.raises(RuntimeError):
            work.within(tenants.b.tenant)
        assert await work.connection.fetchval("select count(*) from customers") == 1
    async with work.within(tenants.b.tenant):
        assert await work.connection.fetchval("select id from customers") == tenants.b.customer


async def test_what_a_retry_may_not_meet_again_is_unavailable(pool: Database, tenants: TwoTenants) -> None:
    async with work_of(pool, tenants.a.tenant) as holder:
        await holder.connection.execute("update customers set notes = 'held'")
        with pytest.raises(Unavailable):
            await _wait_for_a_lock(work_of(pool, tenants.a.tenant))
    await _wait_for_a_lock(work_of(pool, tenants.a.tenant))


async def _wait_for_a_lock(work: PostgresWork) -> None:
    async with work:
        await work.connection.execute("set local lock_timeout = '50ms'")
        await work.connection.execute("update customers set notes = 'waited for'")


async def test_an_envelope_that_names_another_tenant_reaches_nothing(pool: Database, tenants: TwoTenants) -> None:
    await _change_and_tell(work_of(pool, tenants.a.tenant))
    relaying = Database(tenants.database.relay, size=1)
    envelope = (await PostgresEnvelopes(finding=Finding(relaying), taking=pool).due())[0]
    await relaying.close()
    assert envelope.tenant == tenants.a.tenant
    assert await PostgresEvents(work_of(pool, envelope.tenant)).subject_of(envelope.subject) == tenants.a.tenant
    for other in (tenants.b.tenant, new_id(), None):
        with pytest.raises(LookupError):
            await PostgresEvents(work_of(pool, other)).subject_of(envelope.subject)


ORDER = {"tenantName": "Harbor", "email": "ada@harbor.example.com", "password": "Correct-Horse-7",
         "displayName": "Ada", "agreeToTerms": True}  # fmt: skip
WRITES = (
    ("POST", "/customers", {"name": "Grace"}),
    ("PATCH", "/customers/{customer}", {"name": "Grace"}),
    ("DELETE", "/customers/{customer}", None),
    ("POST", "/auth/register", ORDER),
)
BREAK = """
    create function break_commit() returns trigger language plpgsql security definer as $$
    begin {how}; return null; end $$;
    {triggers}
"""
ON_TABLE = """
    create constraint trigger break_commit after insert or update or delete on {table}
    deferrable initially deferred for each row execute function break_commit();
"""
HOWS = {"an error": "raise exception 'not now'", "a lost server": "perform pg_terminate_backend(pg_backend_pid())"}
WRITTEN = ("customers", "events", "work.envelopes", "directory.registrations")


@pytest.fixture(scope="module")
async def lone_house(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """An application whose database is to be broken."""
    folder: Path = tmp_path_factory.mktemp("lone")
    async with house_over(await databases.new(), folder) as house:
        yield house


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize(("method", "path", "body"), WRITES)
async def test_a_commit_that_fails_is_never_a_success(
    lone_house: House, method: str, path: str, body: dict[str, object] | None, how: str
) -> None:
    tenant = await new_tenant(lone_house)
    customer = await _customer(lone_house, tenant)
    admin = await asyncpg.connect(lone_house.database.admin)
    try:
        before = await _content(admin)
        triggers = "".join(ON_TABLE.format(table=table) for table in WRITTEN)
        await admin.execute(BREAK.format(how=HOWS[how], triggers=triggers))
        async with lone_house.client(tenant.owner.token) as client:
            refused = await client.request(method, path.format(customer=customer), json=body)
            assert refused.status_code == (500 if how == "an error" else 503), refused.text
            assert "not now" not in refused.text
            assert await _content(admin) == before
            await admin.execute("drop function break_commit cascade")
            allowed = await client.request(method, path.format(customer=customer), json=body)
            assert allowed.is_success, allowed.text
            assert await _content(admin) != before
    finally:
        await admin.execute("drop function if exists break_commit cascade")
        await admin.close()


async def _customer(house: House, tenant: Tenant) -> str:
    async with house.client(tenant.owner.token) as client:
        return str((await client.post("/customers", json={"name": "Ada"})).json()["id"])


async def _content(admin: asyncpg.Connection) -> list[object]:
    return [await admin.fetchval(f"select array_agg(t::text order by t::text) from {table} t") for table in WRITTEN]

"""Deadlocks and serialization failures between real transactions: retried a few times, never a 500. Attack 207."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import httpx
import pytest

from domains.shared.contention import TIMES_AGAIN, Contention
from domains.shared.errors import Unavailable
from domains.shared.ids import new_id
from infra.postgres.database import Database
from tests.support.databases import TestDatabase, rows
from tests.support.effects import with_tables, worker_over
from tests.support.house import House, house_over
from tests.support.people import Tenant, new_tenant
from tests.support.soon import until
from tests.support.work import work_over

pytestmark = pytest.mark.breaks_invariants("tenants that nobody founded, and envelopes that nobody handles")

# Whoever changes a customer waits until another does too, and then wants that one's row.
CROSSING = """
    create function cross_over() returns trigger language plpgsql as $$ begin
        perform pg_sleep(0.1);
        perform from customers where id <> new.id for no key update;
        return new;
    end $$;
    create trigger cross_over before update on customers for each row execute function cross_over();
"""
# The first times fail; a sequence counts them, for it is not undone.
FAILING = """
    create sequence tries;
    grant usage on tries to frontdesk_app;
    create function fail() returns trigger language plpgsql as $$ begin
        if nextval('tries') <= {times} then raise exception 'planted' using errcode = '{code}'; end if;
        return new;
    end $$;
    create trigger fail before insert on customers for each row execute function fail();
"""
# Each trace locks a row of its own.
LOCKING = """
    create table locks (kind text primary key);
    insert into locks values ('leave'), ('hear');
    grant select, update on locks to frontdesk_app;
    create function lock_one() returns trigger language plpgsql as $$ begin
        perform from locks where kind = new.kind for update;
        return new;
    end $$;
    create trigger lock_one before insert on effects for each row execute function lock_one();
"""


@pytest.fixture
async def quick(own_database: TestDatabase) -> TestDatabase:
    """A database that finds deadlocks quickly."""
    admin = await asyncpg.connect(own_database.admin)
    name = await admin.fetchval("select current_database()")
    await admin.execute(f"alter database \"{name}\" set deadlock_timeout = '150ms'")
    await admin.close()
    return own_database


@pytest.fixture
async def house(quick: TestDatabase, tmp_path: Path) -> AsyncIterator[House]:
    async with house_over(quick, tmp_path) as house:
        yield house


@pytest.fixture
async def tenant(house: House) -> Tenant:
    return await new_tenant(house)


@pytest.fixture
async def client(house: House, tenant: Tenant) -> AsyncIterator[httpx.AsyncClient]:
    async with house.client(tenant.owner.token) as client:
        yield client


async def plant(url: str, sql: str) -> None:
    owner = await asyncpg.connect(url)
    await owner.execute(sql)
    await owner.close()


async def test_two_requests_that_deadlock_both_take_effect_once(house: House, client: httpx.AsyncClient) -> None:
    made = [(await client.post("/customers", json={"name": name})).json() for name in ("Ada", "Grace")]
    await plant(house.database.owner, CROSSING)
    before = await deadlocks(house.database)
    changing = (client.patch(f"/customers/{each['id']}", json={"notes": "changed"}) for each in made)
    answers = await asyncio.gather(*changing)
    assert [answer.status_code for answer in answers] == [200, 200]
    assert [answer.json()["version"] for answer in answers] == [2, 2]

    async def was_one() -> bool:
        return await deadlocks(house.database) == before + 1

    await until(was_one)
    found = await rows(house.database.admin, "select subject_id from events where type = 'customer.updated'")
    assert sorted(str(row["subject_id"]) for row in found) == sorted(each["id"] for each in made)
    noted = await rows(house.database.admin, "select 1 from audit_log where action = 'customer.updated'")
    assert len(noted) == 2


async def deadlocks(database: TestDatabase) -> int:
    found = await rows(database.admin, "select deadlocks from pg_stat_database where datname = current_database()")
    return int(found[0]["deadlocks"])


@pytest.mark.parametrize("code", ["40P01", "40001"])
async def test_it_is_done_again_three_times_and_takes_effect_once(
    house: House, client: httpx.AsyncClient, code: str
) -> None:
    await plant(house.database.owner, FAILING.format(times=TIMES_AGAIN, code=code))
    key = {"Idempotency-Key": str(new_id())}
    answers = [await client.post("/customers", json={"name": "Ada"}, headers=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    for table in ("customers", "events", "audit_log", "idempotency_keys"):
        assert len(await rows(house.database.admin, f"select 1 from {table}")) == 1, table


async def test_after_that_it_is_unavailable_and_nothing_is_stored(house: House, client: httpx.AsyncClient) -> None:
    await plant(house.database.owner, FAILING.format(times=TIMES_AGAIN + 1, code="40P01"))
    refused = await client.post("/customers", json={"name": "Ada"})
    assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
    assert refused.headers["Retry-After"] == "1"
    for table in ("customers", "events", "audit_log"):
        assert await rows(house.database.admin, f"select 1 from {table}") == [], table
    assert (await client.post("/customers", json={"name": "Ada"})).status_code == 201


async def test_what_has_stored_something_is_not_begun_anew(quick: TestDatabase) -> None:
    pool = Database(quick.app, size=3)
    work = work_over(pool, new_id())
    failing = "do $$ begin raise exception 'planted' using errcode = '40001'; end $$"
    with pytest.raises(Contention):
        async with work:
            await work.connection.execute(failing)
    async with work:
        await work.connection.execute("select 1")
    with pytest.raises(Unavailable) as refused:
        async with work:
            await work.connection.execute(failing)
    await pool.close()
    assert not isinstance(refused.value, Contention)


async def test_a_batch_gives_way_keeps_what_it_has_done_and_goes_on_in_order(
    quick: TestDatabase, tmp_path: Path
) -> None:
    placed = await with_tables(quick)
    await plant(placed.owner, LOCKING)
    other = await asyncpg.connect(placed.admin)
    await other.execute("set deadlock_timeout = '1min'; begin; select from locks where kind = 'hear' for update")
    async with worker_over(placed, tmp_path) as worker:
        tenant, began = new_id(), datetime.now(UTC) - timedelta(minutes=1)
        await worker.plan(tenant, "test.leave", began)
        await worker.plan(tenant, "test.hearing", began + timedelta(seconds=1))
        await worker.plan(tenant, "test.leave", began + timedelta(seconds=2))
        working = asyncio.create_task(worker.relay.once())
        await until(lambda: waits_for_a_lock(placed))
        await other.execute("select from locks where kind = 'leave' for update; commit")
        await working
        await worker.do_all()
        assert [row["kind"] for row in await worker.left()] == ["leave", "hear", "leave"]
        assert [row["at"] for row in await worker.left()] == sorted(row["at"] for row in await worker.left())
        assert await worker.waiting() == []
    await other.close()

    async def was_one() -> bool:
        return await deadlocks(placed) == 1

    await until(was_one)


async def waits_for_a_lock(database: TestDatabase) -> bool:
    return bool(await rows(database.admin, "select 1 from pg_locks where not granted"))

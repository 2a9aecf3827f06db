"""What is kept for a time only goes when that is over, a little at a time, and nothing before."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from infra.metrics.instruments import Instruments
from infra.postgres.database import Database
from infra.postgres.sweeping import PostgresSweeps
from tests.support.databases import TestDatabase, rows
from tests.support.people import Tenant
from tests.support.soon import in_time
from workers.sweeper import Sweeper

PLANTED = {
    "idempotency_keys": (
        (
            "insert into idempotency_keys (tenant_id, caller_id, operation, key, fingerprint, result, created_at)"
            " select $1, $2, 'createCustomer', n::text, decode(repeat('00', 32), 'hex'), '{}', now() - $3::interval"
            " from generate_series(1, 3) n"
        ),
        ("25 hours", "23 hours"),
    ),
    "attempts": (
        (
            "insert into directory.attempts (kind, key, used, closes_at)"
            " select 'sweep', decode(md5($1::uuid::text || $2::uuid::text || n), 'hex'), 1,"
            " now() + interval '1 minute' - $3::interval from generate_series(1, 3) n"
        ),
        ("2 minutes", "0 minutes"),
    ),
    "known_places": (
        (
            "insert into directory.known_places (place, seen_at)"
            " select decode(md5($1::uuid::text || $2::uuid::text || n), 'hex'), now() - $3::interval"
            " from generate_series(1, 3) n"
        ),
        ("91 days", "89 days"),
    ),
    "jobs": (
        (
            "with job as (insert into jobs (tenant_id, id, kind, subject_id, requested_by, status, created_at,"
            " finished_at) select $1, gen_random_uuid(), 'customer.import', $2, $2, 'succeeded', now(),"
            " now() - $3::interval from generate_series(1, 3) n returning tenant_id, id),"
            " seen as (insert into customer_import_contacts (tenant_id, job_id, contact, line)"
            " select tenant_id, id, 'a@example.com', 2 from job)"
            " insert into customer_import_faults (tenant_id, job_id, id, line, field, code, message)"
            " select tenant_id, id, id, 2, 'name', 'required', 'Wanted.' from job"
        ),
        ("91 days", "89 days"),
    ),
    "security_events": (
        (
            "insert into directory.security_events (id, occurred_at, action)"
            " select md5($1::uuid::text || $2::uuid::text || n)::uuid, now() - $3::interval, 'login.refused'"
            " from generate_series(1, 3) n"
        ),
        ("181 days", "179 days"),
    ),
    "tickets": (
        (
            "insert into directory.tickets (digest, session_id, expires_at)"
            " select decode(md5($1::uuid::text || n), 'hex'), (select id from directory.sessions where tenant_id = $1"
            " and account_id = (select account_id from users where tenant_id = $1 and id = $2)),"
            " now() + interval '1 minute' - $3::interval from generate_series(1, 3) n"
        ),
        ("2 minutes", "0 minutes"),
    ),
}
"""For each kind: how three rows of an age come about, with what hangs on them, and the ages that are swept and kept."""


class Batches:
    """`Sweeps` that fail at first, and then remove so many; after the last, it is told to stop."""

    def __init__(self, stop: asyncio.Event, *, failures: int, batches: list[int]) -> None:
        self.left = batches
        self._stop = stop
        self._failures = failures

    async def sweep(self, most: int) -> dict[str, int]:
        if self._failures:
            self._failures -= 1
            raise ConnectionError
        gone = self.left.pop(0)
        if not self.left:
            self._stop.set()
        return {"things": gone}


@pytest.fixture
async def sweeps(database: TestDatabase) -> AsyncIterator[PostgresSweeps]:
    relaying = Database(database.relay, size=1)
    yield PostgresSweeps(relaying)
    await relaying.close()


async def plant(database: TestDatabase, tenant: Tenant, what: str, age: str) -> None:
    statement, _ = PLANTED[what]
    connection = await asyncpg.connect(database.admin)
    try:
        await connection.execute(statement.replace("$3::interval", f"interval '{age}'"), tenant.id, tenant.owner.user)
    finally:
        await connection.close()


@pytest.mark.parametrize("what", PLANTED)
async def test_what_is_over_goes_and_what_is_not_stays(
    database: TestDatabase, tenant: Tenant, sweeps: PostgresSweeps, what: str
) -> None:
    while any((await sweeps.sweep(1000)).values()):
        pass
    over, kept = PLANTED[what][1]
    await plant(database, tenant, what, kept)
    assert set((await sweeps.sweep(2)).values()) == {0}
    connection = await asyncpg.connect(database.admin)
    table = f"public.{what}" if what in {"idempotency_keys", "jobs"} else f"directory.{what}"
    await connection.execute(f"delete from {table}")
    await connection.close()
    await plant(database, tenant, what, over)
    assert [(await sweeps.sweep(2))[what] for _ in range(3)] == [2, 1, 0]


async def test_every_kind_is_tried(sweeps: PostgresSweeps) -> None:
    assert set(await sweeps.sweep(1)) == set(PLANTED)


async def test_the_application_may_not_sweep_and_the_relay_reads_nothing(database: TestDatabase) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await rows(database.app, "select work.sweep(1)")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await rows(database.relay, "select from idempotency_keys")
    assert len(await rows(database.relay, "select work.sweep(1)")) == len(PLANTED)


async def test_it_counts_goes_on_after_a_failure_and_ends_when_told() -> None:
    stop, seen = asyncio.Event(), Instruments(role="test", version="0")
    sweeps = Batches(stop, failures=1, batches=[1000, 7])
    sweeper = Sweeper(sweeps, seen.count_swept)
    with pytest.raises(ConnectionError):
        await sweeper.once()
    async with in_time(10):
        await sweeper.run(stop)
    assert sweeps.left == []
    assert seen.registry.get_sample_value("frontdesk_swept_rows_total", {"what": "things"}) == 1007

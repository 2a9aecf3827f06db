"""What a process shows of itself, over HTTP, and what it sees of its database, its providers and its envelopes."""

import asyncio
import time
from contextlib import suppress
from functools import partial

import asyncpg
import httpx
import pytest
from prometheus_client import CollectorRegistry

from domains.shared.clock import timestamp
from domains.shared.envelopes import Envelope
from domains.shared.errors import Unavailable
from domains.shared.ids import new_id
from domains.shared.vendors import TryLater
from infra.mail.direct import DirectLetters
from infra.mail.guarded import GuardedVendor
from infra.metrics.instruments import Instruments
from infra.metrics.providers import ProviderMeter
from infra.metrics.server import metrics_server
from infra.passwords import Argon2Passwords
from infra.postgres.backlog import Backlog, backlog
from infra.postgres.binding import CommitFailed
from infra.postgres.database import Database
from infra.postgres.recording import Origin
from infra.postgres.work import PostgresWork
from tests.support.databases import TestDatabase
from tests.support.letters import smtp_post
from tests.support.soon import until
from tests.support.work import CLOCK


@pytest.fixture
def seen() -> Instruments:
    return Instruments(role="test", version="1.2.3")


def value(seen: Instruments, name: str, **labels: str) -> float | None:
    return seen.registry.get_sample_value(f"frontdesk_{name}", labels)


def work_on(database: Database) -> PostgresWork:
    return PostgresWork(database, new_id(), Origin(), {}, CLOCK)


async def broken_off(work: PostgresWork) -> None:
    async with work:
        await work.connection.execute("select 1")
        raise ZeroDivisionError


async def spoiled(work: PostgresWork) -> None:
    """A transaction that Postgres will not commit, because a statement failed and nobody minded."""
    async with work:
        with suppress(asyncpg.DivisionByZeroError):
            await work.connection.execute("select 1 / 0")


async def test_metrics_are_served_on_a_port_of_their_own(seen: Instruments) -> None:
    with metrics_server(seen.registry, host="127.0.0.1", port=0) as port:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            answer = await client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert 'frontdesk_build_info{python="' in answer.text
    assert "process_resident_memory_bytes" in answer.text


async def test_metrics_are_served_while_the_event_loop_is_stuck(seen: Instruments) -> None:
    with metrics_server(seen.registry, host="127.0.0.1", port=0) as port:
        answer = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=5)  # noqa: ASYNC210 - stuck on purpose
    assert answer.status_code == 200


async def test_a_stuck_event_loop_is_seen(seen: Instruments) -> None:
    watching = asyncio.create_task(seen.watch_loop())
    await until(lambda: value(seen, "event_loop_lag_seconds_count"), within=5)
    before = value(seen, "event_loop_lag_seconds_sum") or 0
    blocked_until = time.perf_counter() + 0.5
    while time.perf_counter() < blocked_until:
        pass
    await until(lambda: (value(seen, "event_loop_lag_seconds_sum") or 0) - before >= 0.1, within=5)
    assert (value(seen, "event_loop_lag_seconds_sum") or 0) - before >= 0.1
    watching.cancel()
    assert (value(seen, "event_loop_lag_seconds_count") or 0) > 1


async def test_transactions_are_timed_by_how_they_ended(seen: Instruments, database: TestDatabase) -> None:
    pool = Database(database.app, size=3, watches=[seen.database])
    work = work_on(pool)
    async with work:
        await work.connection.execute("select 1")
    with pytest.raises(ZeroDivisionError):
        await broken_off(work)
    with pytest.raises(CommitFailed):
        await spoiled(work)
    async with work:
        pass
    await pool.close()
    name = "database_transaction_duration_seconds_count"
    counts = {of: value(seen, name, outcome=of) for of in ("committed", "rolled_back", "commit_failed")}
    assert counts == {"committed": 1, "rolled_back": 1, "commit_failed": 1}
    assert value(seen, "database_connection_wait_seconds_count") == 3


async def test_the_pool_and_those_it_refuses_are_shown(seen: Instruments, database: TestDatabase) -> None:
    pool = Database(database.app, size=3, watches=[seen.database])
    seen.database.show(pool)
    tenant = new_id()
    async with pool.connection(tenant):
        assert (value(seen, "database_pool_size"), value(seen, "database_pool_in_use")) == (3, 1)
        with pytest.raises(Unavailable):
            async with pool.connection(tenant):
                raise AssertionError("a tenant has a third of the pool")
    assert value(seen, "database_pool_in_use") == 0
    assert value(seen, "database_connection_refusals_total") == 1
    assert value(seen, "database_connection_wait_seconds_count") == 1
    async with pool.connection(tenant):
        assert value(seen, "database_pool_in_use") == 1
    await pool.close()


async def test_a_refused_caller_leaves_no_place_taken(database: TestDatabase) -> None:
    away = Database("postgresql://nobody@127.0.0.1:1/none", size=3)
    for _ in range(5):
        with pytest.raises(Unavailable):
            async with away.connection(new_id()):
                raise AssertionError("nobody is there")
    assert away.in_use == 0
    await away.close()


async def test_passwords_that_wait_are_shown(seen: Instruments) -> None:
    hasher = Argon2Passwords()
    seen.show_hash_queue(lambda: hasher.waiting)
    hashing = [asyncio.create_task(hasher.hash("a password")) for _ in range(5)]
    await asyncio.sleep(0)
    assert value(seen, "password_hash_queue") == 3
    await asyncio.gather(*hashing)
    assert value(seen, "password_hash_queue") == 0


async def test_a_letter_that_fails_is_counted_and_raised(seen: Instruments) -> None:
    letters = DirectLetters(GuardedVendor(smtp_post("smtp://127.0.0.1:1"), partial(seen.providers.call, "mail")))
    with pytest.raises(TryLater, match="SMTPConnectError"):
        await letters.send(to="b@example.com", template="alert", words={"text": "t", "since": timestamp(CLOCK.now())})
    assert value(seen, "provider_call_duration_seconds_count", provider="mail", outcome="failed") == 1
    assert seen.providers.failures(within=300) == 1


def test_failures_are_forgotten_in_time(seen: Instruments) -> None:
    now = [0.0]
    meter = ProviderMeter(CollectorRegistry(), clock=lambda: now[0])
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), meter.call("mail"):
            raise ZeroDivisionError
        now[0] += 100
    with meter.call("mail"):
        pass
    assert (meter.failures(within=250), meter.failures(within=150)) == (2, 1)


def test_handlers_are_timed_by_subscriber_and_outcome(seen: Instruments) -> None:
    envelope = Envelope(new_id(), new_id(), "identity.mail_code", new_id(), CLOCK.now(), 1)
    with seen.envelopes.around(envelope):
        pass
    with pytest.raises(ZeroDivisionError), seen.envelopes.around(envelope):
        raise ZeroDivisionError
    name = "relay_handling_seconds_count"
    counts = [value(seen, name, kind="identity.mail_code", outcome=of) for of in ("handled", "failed")]
    assert counts == [1, 1]


@pytest.mark.breaks_invariants("tenants that nobody founded, and envelopes that nobody handles")
async def test_the_backlog_is_measured(own_database: TestDatabase, seen: Instruments) -> None:
    serving, relaying = Database(own_database.app, size=3), Database(own_database.relay, size=1)
    assert await backlog(relaying) == Backlog(0, 0.0, 0)
    tenant = new_id()
    work = PostgresWork(serving, tenant, Origin(), {}, CLOCK)
    async with work:
        for age, parked in ((90, "null"), (10, "null"), (500, "now()")):
            await work.connection.execute(
                "insert into work.envelopes (tenant_id, id, subject_id, kind, due_at, parked_at)"
                f" values ($1, $2, $2, 'x', now() - make_interval(secs => {age}), {parked})",
                tenant,
                new_id(),
            )
    found = await backlog(relaying)
    assert (found.waiting, found.parked, 89 < found.oldest_seconds < 150) == (2, 1, True)
    seen.envelopes.show(found)
    shown = [value(seen, f"outbox_{name}") for name in ("waiting", "oldest_age_seconds", "parked")]
    assert shown == [found.waiting, found.oldest_seconds, found.parked]
    await serving.close()
    await relaying.close()

"""What settles is done in batches: once, in order, all of one or nothing of it, whatever becomes of the others."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from domains.shared.ids import new_id
from infra.postgres.batches import MOST
from infra.postgres.database import Database
from tests.support.databases import TestDatabase, rows
from tests.support.effects import DAYS, Mended, Worker, with_tables, worker_over
from tests.support.work import work_over

pytestmark = pytest.mark.breaks_invariants("tenants that nobody founded, and envelopes that nobody handles")


def ago(seconds: float) -> datetime:
    return datetime.now(UTC) - timedelta(seconds=seconds)


@pytest.fixture
async def placed(own_database: TestDatabase) -> TestDatabase:
    return await with_tables(own_database)


@pytest.fixture
async def worker(placed: TestDatabase, tmp_path: Path) -> AsyncIterator[Worker]:
    async with worker_over(placed, tmp_path) as worker:
        yield worker


async def test_what_is_due_is_done_once_and_in_order_and_what_is_not_waits(worker: Worker) -> None:
    tenant = new_id()
    times = [ago(second) for second in range(MOST + 20, 0, -1)]
    [later] = await worker.plan(tenant, "test.leave", ago(-3600))
    subjects = await worker.plan(tenant, "test.leave", *times)
    await worker.do_all()
    assert [row["subject"] for row in await worker.left()] == subjects
    assert [row["at"] for row in await worker.left()] == times
    assert [row["subject_id"] for row in await worker.waiting()] == [later]


async def test_a_batch_is_one_transaction_of_at_most_fifty(worker: Worker) -> None:
    await worker.plan(new_id(), "test.leave", *(ago(second) for second in range(MOST + 20)))
    await worker.do_all()
    by_transaction = Counter(int(row["xid"]) for row in await worker.left())
    assert by_transaction.total() == MOST + 20
    assert 1 < max(by_transaction.values()) <= MOST


async def test_one_that_fails_leaves_nothing_and_is_tried_later_and_the_others_are_done(worker: Worker) -> None:
    tenant = new_id()
    [before] = await worker.plan(tenant, "test.leave", ago(30))
    [failing] = await worker.plan(tenant, "test.fail", ago(20))
    [after] = await worker.plan(tenant, "test.leave", ago(10))
    with capture_logs() as logs:
        await worker.do_all()
    assert [row["subject"] for row in await worker.left()] == [before, after]
    [left] = await worker.waiting()
    assert (left["subject_id"], left["attempts"], left["parked_at"]) == (failing, 1, None)
    assert timedelta(0) < left["retry_at"] - datetime.now(UTC) <= timedelta(seconds=1)
    assert [(line["event"], line["kind"]) for line in logs] == [("envelope_failed", "test.fail")]
    assert await rows(worker.url, "select 1 from events") == []


async def test_only_what_failed_before_is_done_in_steps(worker: Worker) -> None:
    """A savepoint for each costs a trip to the server; who fails has all done once more, with them."""
    sound, doubtful = new_id(), new_id()
    in_order = await worker.plan(sound, "test.leave", ago(2), ago(1))
    left_once = await worker.plan(doubtful, "test.leave", ago(3))
    await worker.plan(doubtful, "test.fail", ago(2))
    batches = worker.relay._carriers[0]._batches  # type: ignore[attr-defined]  # as the relay made it
    for tenant in (sound, doubtful):
        async with batches.of(tenant) as batch:
            assert not batch.is_in_steps
    with capture_logs():
        await worker.do_all()
    left = [(row["tenant_id"], row["subject"]) for row in await worker.left()]
    assert [subject for tenant, subject in left if tenant == sound] == in_order
    assert [subject for tenant, subject in left if tenant == doubtful] == left_once
    assert len(left) == 3
    await rows(worker.url, "update work.envelopes set retry_at = now() returning 1")
    async with batches.of(doubtful) as batch:
        assert batch.is_in_steps


async def test_poison_is_parked_after_ten_tries_and_blocks_nobody(worker: Worker) -> None:
    tenant = new_id()
    await worker.plan(tenant, "test.fail", ago(20))
    with capture_logs():
        for _ in range(10):
            await worker.do_all()
            await rows(worker.url, "update work.envelopes set retry_at = now() returning 1")
    assert [row["attempts"] for row in await worker.waiting("parked_at is not null")] == [10]
    await worker.plan(tenant, "test.leave", ago(1))
    assert await worker.relay.once() == 1


async def test_one_that_loses_the_connection_undoes_its_batch_but_is_parked_in_time(worker: Worker) -> None:
    tenant = new_id()
    await worker.plan(tenant, "test.leave", ago(30))
    await worker.plan(tenant, "test.die", ago(20))
    with capture_logs():
        for tries in range(1, 11):
            await worker.do_all()
            assert [row["attempts"] for row in await worker.waiting("kind = 'test.die'")] == [tries]
            await rows(worker.url, "update work.envelopes set retry_at = now() where parked_at is null returning 1")
        await worker.do_all()
    assert [row["kind"] for row in await worker.left()] == ["leave"]
    assert [row["kind"] for row in await worker.waiting("parked_at is not null")] == ["test.die"]


async def test_one_that_fails_after_its_first_transaction_leaves_nothing_of_that_one_either(worker: Worker) -> None:
    tenant = new_id()
    await worker.plan(tenant, "test.stumble", ago(20))
    [after] = await worker.plan(tenant, "test.leave", ago(10))
    with capture_logs():
        await worker.relay.once()
    assert [row["subject"] for row in await worker.left()] == [after]


async def test_one_that_takes_too_long_is_cut_short_and_the_others_are_done(worker: Worker) -> None:
    tenant = new_id()
    await worker.plan(tenant, "test.dawdle", ago(30))
    await worker.plan(tenant, "test.leave", ago(20))
    with capture_logs() as logs:
        await worker.relay.once()
        await worker.relay.once()
    assert [row["kind"] for row in await worker.left()] == ["leave"]
    assert [(row["kind"], row["attempts"]) for row in await worker.waiting()] == [("test.dawdle", 1)]
    assert [line["event"] for line in logs] == ["envelope_failed"]


@pytest.mark.parametrize("kind", ["test.forgive", "test.recover"])
async def test_a_use_case_that_recovers_keeps_what_it_did_around_its_failure(worker: Worker, kind: str) -> None:
    [subject] = await worker.plan(new_id(), kind, ago(1))
    await worker.do_all()
    assert [(row["kind"], row["subject"]) for row in await worker.left()] == [("leave", subject)] * 2
    assert await worker.waiting() == []


async def test_who_hears_of_an_event_does_at_its_time_and_in_its_place(worker: Worker) -> None:
    tenant = new_id()
    first, second, third = ago(3000), ago(2000), ago(1000)
    told = await worker.plan(tenant, "test.tell", first, third)
    [between] = await worker.plan(tenant, "test.leave", second)
    await worker.do_all()
    seen = [(row["kind"], row["subject"], row["at"]) for row in await worker.left() if row["kind"] != "call"]
    assert seen == [
        ("tell", told[0], first),
        ("hear", told[0], first),
        ("leave", between, second),
        ("tell", told[1], third),
        ("hear", told[1], third),
    ]
    assert {row["subject"] for row in await worker.left("call")} == set(told)
    assert await worker.waiting() == []


async def test_a_month_unfolds_in_order_each_day_at_its_own_time(worker: Worker) -> None:
    began = {new_id(): ago(86400 * DAYS + number) for number in range(3)}
    for tenant, at in began.items():
        await worker.plan(tenant, "test.plan", at)
    await worker.do_all()
    for tenant, at in began.items():
        days = [row["at"] for row in await worker.left() if row["tenant_id"] == tenant]
        assert days == [at + timedelta(days=day) for day in range(DAYS)]
    assert await worker.waiting() == []


async def test_two_workers_do_each_once_and_keep_each_tenants_order(
    placed: TestDatabase, worker: Worker, tmp_path: Path
) -> None:
    planned: dict[UUID, list[UUID]] = {}
    for _ in range(6):
        tenant = new_id()
        planned[tenant] = await worker.plan(tenant, "test.leave", *(ago(300 - second) for second in range(150)))
    async with worker_over(placed, tmp_path) as other:
        while await worker.waiting():
            await asyncio.gather(worker.relay.once(), other.relay.once())
    found = await worker.left()
    assert {tenant: [row["subject"] for row in found if row["tenant_id"] == tenant] for tenant in planned} == planned


async def test_nobody_takes_from_a_tenant_at_whom_another_is(
    placed: TestDatabase, worker: Worker, tmp_path: Path
) -> None:
    tenant, neighbour = new_id(), new_id()
    await worker.plan(tenant, "test.leave", *(ago(second) for second in range(MOST + 1)))
    await worker.plan(neighbour, "test.leave", ago(1))
    batches = worker.relay._carriers[0]._batches  # type: ignore[attr-defined]  # as the relay made it
    async with worker_over(placed, tmp_path) as other, batches.of(tenant) as batch:
        assert batch.first() is not None
        assert await other.relay.once() == 1
        assert [row["tenant_id"] for row in await worker.left()] == [neighbour]
        assert await other.relay.once() == 0
    await worker.do_all()
    assert len(await worker.left()) == MOST + 2


async def test_a_part_of_a_batch_is_of_its_tenant(worker: Worker) -> None:
    tenant, pool = new_id(), await worker.container.get(Database)
    await worker.plan(tenant, "test.leave", ago(1))
    batches = worker.relay._carriers[0]._batches  # type: ignore[attr-defined]  # as the relay made it
    async with batches.of(tenant) as batch:
        for other in (new_id(), None):
            with pytest.raises(ValueError, match="one tenant"):
                await work_over(pool, other).joining(batch).__aenter__()
        async with work_over(pool, tenant).joining(batch) as work:
            assert await work.connection.fetchval("select count(*) from work.envelopes") == 1


async def test_one_tenants_flood_keeps_no_other_waiting(worker: Worker) -> None:
    flooding, patient = new_id(), new_id()
    flood = (
        "insert into work.envelopes (tenant_id, id, kind, subject_id, due_at)"
        " select $1, gen_random_uuid(), 'test.leave', gen_random_uuid(), now() - interval '1 day'"
        " from generate_series(1, 2000) returning 1"
    )
    await rows(worker.url, flood, flooding)
    [subject] = await worker.plan(patient, "test.leave", ago(0))
    await worker.relay.once()
    [position] = [row["n"] for row in await worker.left() if row["subject"] == subject]
    assert position <= 2 * MOST + 1


async def test_it_works_again_once_it_is_mended(placed: TestDatabase, worker: Worker, tmp_path: Path) -> None:
    [subject] = await worker.plan(new_id(), "test.fail", ago(20))
    with capture_logs():
        await worker.do_all()
    assert await worker.left() == []
    await rows(worker.url, "update work.envelopes set retry_at = now() returning 1")
    async with worker_over(placed, tmp_path, kind=Mended) as mended:
        await mended.do_all()
    assert [(row["kind"], row["subject"]) for row in await worker.left("fail")] == [("fail", subject)]
    assert len(await worker.left()) == 4, "itself, what it planned, and two who heard of it"
    assert await worker.waiting() == []

"""What waits in envelopes is done after the commit or at its time, and its effect happens once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from domains.shared.envelopes import Envelope
from domains.shared.ids import new_id
from infra.postgres.database import Database
from infra.postgres.envelopes import PostgresEnvelopes
from infra.postgres.finding import Finding
from tests.support.databases import TestDatabase, rows
from tests.support.house import House
from tests.support.work import work_over
from workers.leased import Leased
from workers.relay import Relay

pytestmark = pytest.mark.breaks_invariants("tenants that nobody founded, and envelopes that nobody handles")

ORDER = {
    "tenantName": "Harbor Plumbing",
    "password": "Correct-Horse-7",
    "displayName": "Ada Lovelace",
    "agreeToTerms": True,
}


class Office:
    """A worker over a database of its own, with a handler that writes down what it was given."""

    def __init__(self, database: TestDatabase) -> None:
        self.url = database.admin
        self.finding = Database(database.relay, size=3)
        self.taking = Database(database.app, size=12)
        self.envelopes = PostgresEnvelopes(finding=Finding(self.finding), taking=self.taking)
        self.handled: list[Envelope] = []
        self.failing = 0
        self.relay = Relay(Leased(self.envelopes, {"note": self.note}))

    async def note(self, envelope: Envelope) -> None:
        if self.failing:
            self.failing -= 1
            raise ValueError("planted")
        self.handled.append(envelope)

    async def plan(self, tenant: UUID, *due: datetime) -> None:
        async with work_over(self.taking, tenant) as work:
            for at in due:
                work.later("note", new_id(), at=at)

    async def waiting(self) -> int:
        return int((await rows(self.url, "select count(*) as n from work.envelopes"))[0]["n"])

    async def close(self) -> None:
        await self.finding.close()
        await self.taking.close()


@pytest.fixture
async def office(own_database: TestDatabase) -> AsyncIterator[Office]:
    office = Office(own_database)
    yield office
    await office.close()


def ago(seconds: float) -> datetime:
    return datetime.now(UTC) - timedelta(seconds=seconds)


async def test_what_is_due_is_done_once_and_what_is_not_waits(office: Office) -> None:
    await office.plan(new_id(), ago(10), ago(5), ago(-3600))
    assert await office.relay.once() == 2
    assert await office.relay.once() == 0
    assert len({envelope.id for envelope in office.handled}) == 2
    assert await office.waiting() == 1


async def test_what_was_planned_in_work_that_failed_is_not_planned(office: Office) -> None:
    async def fail() -> None:
        async with work_over(office.taking, new_id()) as work:
            work.later("note", new_id(), at=ago(1))
            raise ValueError("planted")

    with pytest.raises(ValueError, match="planted"):
        await fail()
    assert await office.waiting() == 0


async def test_two_workers_never_do_the_same(office: Office) -> None:
    for _ in range(4):
        await office.plan(new_id(), *(ago(second) for second in range(25)))
    other = Relay(Leased(office.envelopes, {"note": office.note}))
    while await office.waiting():
        await asyncio.gather(office.relay.once(), other.once())
    assert len(office.handled) == len({envelope.id for envelope in office.handled}) == 100


async def test_a_failing_handler_is_tried_again_later(office: Office) -> None:
    office.failing = 1
    await office.plan(new_id(), ago(1))
    assert await office.relay.once() == 1
    assert office.handled == []
    assert await office.relay.once() == 0
    await rows(office.url, "update work.envelopes set retry_at = now() returning 1")
    assert await office.relay.once() == 1
    assert [envelope.attempts for envelope in office.handled] == [1]


async def test_what_fails_ten_times_is_parked_and_blocks_no_other(office: Office) -> None:
    office.failing = 10
    await office.plan(new_id(), ago(1))
    for _ in range(10):
        await office.relay.once()
        await rows(office.url, "update work.envelopes set retry_at = now() returning 1")
    assert await office.relay.once() == 0
    parked = await rows(office.url, "select attempts from work.envelopes where parked_at is not null")
    assert [row["attempts"] for row in parked] == [10]
    await office.plan(new_id(), ago(1))
    assert await office.relay.once() == 1


async def test_what_a_killed_worker_held_is_free_after_its_lease(office: Office) -> None:
    await office.plan(new_id(), ago(1))
    [held] = await office.envelopes.due()
    assert await office.envelopes.claim(held)
    assert not await office.envelopes.claim(held)
    assert await office.envelopes.due() == []
    [left] = await rows(office.url, "select retry_at - now() as lease from work.envelopes")
    assert timedelta(seconds=5) < left["lease"] <= timedelta(seconds=10)


async def test_one_tenants_flood_hides_no_other(office: Office) -> None:
    flooding, patient = new_id(), new_id()
    await rows(
        office.url,
        "insert into work.envelopes (tenant_id, id, kind, subject_id, due_at)"
        " select $1, gen_random_uuid(), 'note', gen_random_uuid(), now() - interval '1 day'"
        " from generate_series(1, 3000)"
        " returning 1",
        flooding,
    )
    await office.plan(patient, ago(0))
    assert patient in {envelope.tenant for envelope in await office.envelopes.due()}


async def test_a_registration_that_nobody_confirms_is_forgotten_after_a_week(house: House) -> None:
    async with house.client() as client:
        answer = await client.post("/auth/register", json={**ORDER, "email": "nobody@late.example.com"})
    assert answer.status_code == 202
    left = "select count(*) as n from directory.registrations where email = 'nobody@late.example.com'"
    await move(house, "P6D")
    assert (await rows(house.database.admin, left))[0]["n"] == 1
    await move(house, "P2D")
    assert (await rows(house.database.admin, left))[0]["n"] == 0


async def move(house: House, by: str) -> None:
    """Move the clock while a worker runs."""
    stop = asyncio.Event()
    working = asyncio.create_task(house.relay.run(stop))
    async with house.root_client() as client:
        answer = await client.post("/sandbox/clock", json={"advance": by})
    stop.set()
    await working
    assert answer.status_code == 200, answer.text

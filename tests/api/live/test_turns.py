"""Attack C15 189, for sockets: a log that grows without an end takes its turn, as all others do."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from uuid import UUID

from api.live.hub import Hub, Subscriber
from api.live.turnstile import Turnstile
from domains.shared.ids import new_id
from domains.shared.live import LoggedEvent
from domains.shared.permissions import Role
from frontdesk.frames import FRAMES
from infra.bell import Ring
from infra.limits.places import OnlyHere
from tests.support.fakes import actor
from tests.support.soon import in_time

ENDLESS = 10**9
BURST = 1_000


class Logs:
    """An `EventLog` in memory. `asked` are the tenants whose pages were read, in order."""

    def __init__(self) -> None:
        self.last: dict[UUID, int] = {}
        self.asked: list[UUID] = []

    async def heads(self, tenants: Collection[UUID]) -> dict[UUID, int]:
        return {tenant: self.last.get(tenant, 0) for tenant in tenants}

    async def after(self, tenant: UUID, seq: int, *, most: int) -> list[LoggedEvent]:
        await asyncio.sleep(0)
        self.asked.append(tenant)
        upto = min(seq + most, self.last.get(tenant, 0))
        return [
            LoggedEvent(each, "customer.created", "customers:read", new_id(), 1) for each in range(seq + 1, upto + 1)
        ]


class AllGood:
    """`Standings`: each session is as it was."""

    async def of(self, sessions: Collection[UUID]) -> dict[UUID, Role]:
        return dict.fromkeys(sessions, Role.STAFF)


@asynccontextmanager
async def following(logs: Logs, ring: Ring) -> AsyncIterator[Hub]:
    hub = Hub(logs, ring, AllGood(), FRAMES, Turnstile(OnlyHere()))
    task = asyncio.create_task(hub.follow())
    yield hub
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def heard(subscriber: Subscriber, count: int) -> list[int | None]:
    numbers: list[int | None] = []
    async with in_time(10):
        while len(numbers) < count and subscriber.outbox.ending is None:
            numbers += [frame.id for frame in await subscriber.outbox.take()]
    return numbers


async def test_a_log_without_an_end_keeps_no_other_waiting() -> None:
    logs, ring = Logs(), Ring()
    async with following(logs, ring) as hub:
        flooding, patient = [await hub.join(actor()) for _ in range(2)]
        logs.last = {flooding.actor.tenant: ENDLESS}
        ring.hear(str(flooding.actor.tenant))
        async with in_time(10):
            while len(logs.asked) < 3:  # noqa: ASYNC110 - counts pages that were read
                await asyncio.sleep(0)
        logs.last[patient.actor.tenant] = 1
        before = len(logs.asked)
        ring.hear(str(patient.actor.tenant))
        assert await heard(patient, 1) == [1]
        assert logs.asked.index(patient.actor.tenant, before) <= before + 2


async def test_who_reads_hears_a_burst_to_its_end() -> None:
    logs, ring = Logs(), Ring()
    async with following(logs, ring) as hub:
        subscriber = await hub.join(actor())
        logs.last = {subscriber.actor.tenant: BURST}
        ring.hear(str(subscriber.actor.tenant))
        assert await heard(subscriber, BURST) == [*range(1, BURST + 1)]

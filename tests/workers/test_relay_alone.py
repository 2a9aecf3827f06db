"""The relay: what was recorded is handed on at least once, and a failing subscriber blocks nobody."""

import asyncio
from datetime import UTC, datetime

import msgspec
import pytest
from structlog.testing import capture_logs

from domains.shared.envelopes import Envelope
from domains.shared.errors import Unavailable
from domains.shared.ids import new_id
from tests.support.soon import in_time
from workers.leased import Leased
from workers.relay import Relay


def envelope(kind: str = "mail", attempts: int = 0) -> Envelope:
    due_at = datetime.now(UTC)
    return Envelope(tenant=new_id(), id=new_id(), kind=kind, subject=new_id(), due_at=due_at, attempts=attempts)


class MemoryEnvelopes:
    """`Envelopes` that hand out what they are given, and keep what became of it."""

    def __init__(self, *due: Envelope) -> None:
        self.waiting = list(due)
        self.taken: list[Envelope] = []
        self.kept: list[Envelope] = []
        self.settled: list[Envelope] = []
        self.parked: list[Envelope] = []
        self.later: list[tuple[Envelope, float]] = []
        self.broken: Exception | None = None

    async def due(self) -> list[Envelope]:
        if self.broken:
            broken, self.broken = self.broken, None
            raise broken
        found, self.waiting = self.waiting[:20], self.waiting[20:]
        return found

    async def claim(self, envelope: Envelope) -> bool:
        return envelope not in self.taken

    async def keep(self, envelope: Envelope) -> None:
        self.kept.append(envelope)

    async def done(self, envelope: Envelope) -> None:
        self.settled.append(envelope)

    async def put_off(self, envelope: Envelope, *, seconds: float) -> None:
        self.later.append((envelope, seconds))

    async def park(self, envelope: Envelope) -> None:
        self.parked.append(envelope)


class Subscriber:
    """Keeps what it hears, and fails when told to."""

    def __init__(self, *, fails: bool = False) -> None:
        self.heard: list[Envelope] = []
        self.fails = fails

    async def __call__(self, envelope: Envelope) -> None:
        self.heard.append(envelope)
        if self.fails:
            raise ValueError("mail to grace@example.com was refused")


async def test_what_is_due_is_handed_on_and_settled() -> None:
    due = [envelope() for _ in range(3)]
    envelopes, subscriber = MemoryEnvelopes(*due), Subscriber()
    assert await Relay(Leased(envelopes, {"mail": subscriber})).once() == 3
    assert subscriber.heard == envelopes.settled == due


async def test_what_another_worker_has_taken_is_left_to_it() -> None:
    theirs, ours = envelope(), envelope()
    envelopes, subscriber = MemoryEnvelopes(theirs, ours), Subscriber()
    envelopes.taken = [theirs]
    assert await Relay(Leased(envelopes, {"mail": subscriber})).once() == 1
    assert subscriber.heard == envelopes.settled == [ours]


async def test_a_failing_subscriber_is_put_off_and_blocks_nobody() -> None:
    bad, good = envelope("bad"), envelope("good")
    envelopes, hearing = MemoryEnvelopes(bad, good), Subscriber()
    with capture_logs() as logs:
        await Relay(Leased(envelopes, {"bad": Subscriber(fails=True), "good": hearing})).once()
    assert envelopes.later == [(bad, 1)]
    assert (envelopes.settled, hearing.heard) == ([good], [good])
    assert [(line["event"], line["kind"], line["envelope_id"]) for line in logs] == [
        ("envelope_failed", "bad", str(bad.id))
    ]


@pytest.mark.parametrize(("attempts", "seconds"), [(0, 1), (1, 2), (2, 4), (8, 256)])
async def test_each_failure_doubles_the_wait(attempts: int, seconds: int) -> None:
    envelopes = MemoryEnvelopes(envelope(attempts=attempts))
    with capture_logs():
        await Relay(Leased(envelopes, {"mail": Subscriber(fails=True)})).once()
    assert [delay for _, delay in envelopes.later] == [seconds]
    assert envelopes.parked == []


async def test_after_ten_tries_it_is_put_aside() -> None:
    poison = envelope(attempts=9)
    envelopes = MemoryEnvelopes(poison)
    with capture_logs():
        await Relay(Leased(envelopes, {"mail": Subscriber(fails=True)})).once()
    assert (envelopes.parked, envelopes.later, envelopes.settled) == ([poison], [], [])


async def test_a_kind_that_nobody_handles_is_put_off() -> None:
    unknown = envelope("renamed")
    envelopes = MemoryEnvelopes(unknown)
    with capture_logs():
        await Relay(Leased(envelopes, {})).once()
    assert [each for each, _ in envelopes.later] == [unknown]


async def test_it_runs_until_told_and_finishes_what_it_has_claimed() -> None:
    stop = asyncio.Event()
    envelopes = MemoryEnvelopes(*(envelope() for _ in range(50)))

    async def stopping(envelope: Envelope) -> None:
        stop.set()

    async with in_time(5):
        await Relay(Leased(envelopes, {"mail": stopping})).run(stop)
    assert len(envelopes.settled) == 20
    assert len(envelopes.waiting) == 30


@pytest.mark.parametrize(
    ("broken", "told"),
    [(Unavailable("The database cannot be reached."), ("warning", False)), (ConnectionError(), ("error", True))],
    ids=["away", "else"],
)
async def test_a_database_that_is_away_for_a_while_is_asked_again(broken: Exception, told: tuple[str, bool]) -> None:
    stop = asyncio.Event()
    envelopes = MemoryEnvelopes(envelope())
    envelopes.broken = broken

    async def stopping(envelope: Envelope) -> None:
        stop.set()

    with capture_logs() as logs:
        async with in_time(5):
            await Relay(Leased(envelopes, {"mail": stopping})).run(stop)
    assert len(envelopes.settled) == 1
    assert [(line["event"], line["log_level"], "exc_info" in line) for line in logs] == [
        ("envelopes_unreachable", *told)
    ]


async def test_an_idle_relay_stops_when_told() -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(Relay(Leased(MemoryEnvelopes(), {})).run(stop))
    await asyncio.sleep(0)
    stop.set()
    async with in_time(5):
        await running
    assert running.done()


class Slow:
    """A handler that goes on until `over`. `begun` are those that it was given; `is_full`, when they are eight."""

    def __init__(self) -> None:
        self.begun: list[Envelope] = []
        self.is_full, self.over = asyncio.Event(), asyncio.Event()

    async def __call__(self, envelope: Envelope) -> None:
        self.begun.append(envelope)
        if len(self.begun) == 8:
            self.is_full.set()
        await self.over.wait()


def slow_ones() -> list[Envelope]:
    """Of nine tenants, the first of whom has ten more."""
    each = [envelope("slow") for _ in range(9)]
    return [*each, *(msgspec.structs.replace(each[0], id=new_id()) for _ in range(10))]


async def test_what_takes_long_keeps_nobody_waiting() -> None:
    waiting, slow, stop, heard = slow_ones(), Slow(), asyncio.Event(), asyncio.Event()
    envelopes = MemoryEnvelopes(*waiting)

    async def hear(_: Envelope) -> None:
        heard.set()

    async with in_time(20):
        running = asyncio.create_task(Relay(Leased(envelopes, {"slow": slow, "mail": hear}, slow={"slow"})).run(stop))
        await slow.is_full.wait()
        envelopes.waiting.append(envelope())
        await heard.wait()
        assert slow.begun == waiting[:8]
        slow.over.set()
        stop.set()
        await running


async def test_what_is_slow_is_finished_and_no_more_of_it_begun() -> None:
    waiting, slow = slow_ones(), Slow()
    envelopes = MemoryEnvelopes(*waiting)
    leased = Leased(envelopes, {"slow": slow}, slow={"slow"})
    assert await leased.go_on() == len(waiting)
    finishing = asyncio.create_task(leased.finish())
    await asyncio.sleep(0)
    slow.over.set()
    await finishing
    assert envelopes.settled == slow.begun == waiting[:8]

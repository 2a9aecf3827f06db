"""The relay: what was recorded is handed on at least once, and a failing subscriber blocks nobody."""

import asyncio
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from domains.shared.ids import new_id
from domains.shared.outbox import Envelope
from workers.relay import Relay


def envelope(subscriber: str = "mail", attempts: int = 1) -> Envelope:
    return Envelope(tenant=new_id(), id=new_id(), event=new_id(), subscriber=subscriber, attempts=attempts)


class MemoryOutbox:
    """An `Outbox` that hands out what it is given, and keeps what became of it."""

    def __init__(self, *due: Envelope) -> None:
        self.due = list(due)
        self.settled: list[Envelope] = []
        self.parked: list[Envelope] = []
        self.later: list[tuple[Envelope, timedelta]] = []
        self.broken = 0

    async def claim(self, most: int) -> list[Envelope]:
        if self.broken:
            self.broken -= 1
            raise ConnectionError
        claimed, self.due = self.due[:most], self.due[most:]
        return claimed

    async def done(self, envelope: Envelope) -> None:
        self.settled.append(envelope)

    async def again(self, envelope: Envelope, delay: timedelta) -> None:
        self.later.append((envelope, delay))

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
    outbox, subscriber = MemoryOutbox(*due), Subscriber()
    assert await Relay(outbox, {"mail": subscriber}).once() == 3
    assert subscriber.heard == outbox.settled == due


async def test_a_failing_subscriber_is_put_off_and_blocks_nobody() -> None:
    bad, good = envelope("bad"), envelope("good")
    outbox, hearing = MemoryOutbox(bad, good), Subscriber()
    with capture_logs() as logs:
        await Relay(outbox, {"bad": Subscriber(fails=True), "good": hearing}).once()
    assert outbox.later == [(bad, timedelta(seconds=1))]
    assert (outbox.settled, hearing.heard) == ([good], [good])
    assert [(line["event"], line["subscriber"], line["event_id"]) for line in logs] == [
        ("subscriber_failed", "bad", str(bad.event))
    ]


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 1), (2, 2), (3, 4), (9, 256)])
async def test_each_failure_doubles_the_wait(attempts: int, seconds: int) -> None:
    outbox = MemoryOutbox(envelope(attempts=attempts))
    with capture_logs():
        await Relay(outbox, {"mail": Subscriber(fails=True)}).once()
    assert [delay for _, delay in outbox.later] == [timedelta(seconds=seconds)]
    assert outbox.parked == []


async def test_after_ten_tries_it_is_put_aside() -> None:
    poison = envelope(attempts=10)
    outbox = MemoryOutbox(poison)
    with capture_logs():
        await Relay(outbox, {"mail": Subscriber(fails=True)}).once()
    assert (outbox.parked, outbox.later, outbox.settled) == ([poison], [], [])


async def test_a_subscriber_that_nobody_is_stays_in_the_outbox() -> None:
    unknown = envelope("renamed")
    outbox = MemoryOutbox(unknown)
    with capture_logs():
        await Relay(outbox, {}).once()
    assert [each for each, _ in outbox.later] == [unknown]


async def test_it_runs_until_told_and_finishes_what_it_has_claimed() -> None:
    stop = asyncio.Event()
    outbox = MemoryOutbox(*(envelope() for _ in range(50)))

    async def stopping(envelope: Envelope) -> None:
        stop.set()

    async with asyncio.timeout(5):
        await Relay(outbox, {"mail": stopping}).run(stop)
    assert len(outbox.settled) == 20
    assert len(outbox.due) == 30


async def test_a_database_that_is_away_for_a_while_is_asked_again() -> None:
    stop = asyncio.Event()
    outbox = MemoryOutbox(envelope())
    outbox.broken = 1

    async def stopping(envelope: Envelope) -> None:
        stop.set()

    with capture_logs() as logs:
        async with asyncio.timeout(5):
            await Relay(outbox, {"mail": stopping}).run(stop)
    assert len(outbox.settled) == 1
    assert [line["event"] for line in logs] == ["outbox_unreachable"]


async def test_an_idle_relay_stops_when_told() -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(Relay(MemoryOutbox(), {}).run(stop))
    await asyncio.sleep(0)
    stop.set()
    async with asyncio.timeout(5):
        await running
    assert running.done()

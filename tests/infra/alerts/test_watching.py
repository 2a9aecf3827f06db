"""Everybody is told of every change, once, whatever fails on the way."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from structlog.testing import capture_logs

from infra.alerts.rules import Alert, Rule, State
from infra.alerts.watching import Reading, Watching

START = datetime(2026, 11, 21, 9, tzinfo=UTC)
RULE = Rule(name="r", unit="u", threshold=1, quiet_below=1, raise_after=1, quiet_after=1)


class Ear:
    """A channel that hears, unless it is deaf, or takes for ever."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.is_deaf = self.is_endless = False
        self.heard: list[str] = []

    async def tell(self, alert: Alert) -> None:
        if self.is_deaf:
            raise ConnectionRefusedError("password=hunter2")
        if self.is_endless:
            await asyncio.Event().wait()
        self.heard.append(alert.state.value)


class Slate:
    """A board that may be out of reach."""

    def __init__(self) -> None:
        self.is_away = False
        self.written: Sequence[Alert] = ()

    async def write(self, alerts: Sequence[Alert]) -> None:
        if self.is_away:
            raise OSError("away")
        self.written = alerts


class Dial:
    """A reading that shows what it is set to; None cannot be read."""

    def __init__(self) -> None:
        self.value: float | None = 0.0

    async def __call__(self) -> float | None:
        if self.value is None:
            raise OSError("no such dial")
        return self.value


def watching(dial: Reading, *ears: Ear, board: Slate | None = None) -> Watching:
    return Watching({RULE: dial}, source="api", channels=ears, board=board or Slate())


async def test_all_are_told_of_a_change_once() -> None:
    dial, one, two = Dial(), Ear("one"), Ear("two")
    watch = watching(dial, one, two)
    for number, value in enumerate((0.0, 5.0, 5.0, 5.0, 0.0, 0.0)):
        dial.value = value
        await watch.once(START + timedelta(seconds=number))
    assert one.heard == two.heard == ["raised", "quiet"]


async def test_a_deaf_channel_is_told_later_and_keeps_nobody_waiting() -> None:
    dial, deaf, other = Dial(), Ear("deaf"), Ear("other")
    deaf.is_deaf, dial.value = True, 5.0
    watch = watching(dial, deaf, other)
    with capture_logs() as logs:
        await watch.once(START)
    assert (deaf.heard, other.heard) == ([], ["raised"])
    assert "hunter2" not in repr(logs)
    deaf.is_deaf = False
    await watch.once(START + timedelta(seconds=15))
    await watch.once(START + timedelta(seconds=30))
    assert (deaf.heard, other.heard) == (["raised"], ["raised"])


async def test_a_channel_that_takes_for_ever_keeps_nobody_from_looking_again() -> None:
    dial, endless, other = Dial(), Ear("endless"), Ear("other")
    endless.is_endless, dial.value = True, 5.0
    watch = Watching({RULE: dial}, source="api", channels=[endless, other], board=Slate(), patience=0.01)
    await watch.once(START)
    dial.value = 0.0
    await watch.once(START + timedelta(seconds=15))
    assert (endless.heard, other.heard) == ([], ["raised", "quiet"])
    endless.is_endless = False
    await watch.once(START + timedelta(seconds=30))
    assert endless.heard == ["raised", "quiet"]


async def test_what_is_an_hour_old_is_told_no_more() -> None:
    dial, deaf = Dial(), Ear("deaf")
    deaf.is_deaf, dial.value = True, 5.0
    watch = watching(dial, deaf)
    await watch.once(START)
    deaf.is_deaf = False
    await watch.once(START + timedelta(minutes=61))
    assert deaf.heard == []


async def test_without_the_board_it_is_told_all_the_same() -> None:
    dial, ear, board = Dial(), Ear("ear"), Slate()
    board.is_away, dial.value = True, 5.0
    watch = watching(dial, ear, board=board)
    await watch.once(START)
    assert ear.heard == ["raised"]
    board.is_away = False
    await watch.once(START + timedelta(seconds=15))
    assert [(alert.rule, alert.state, alert.since) for alert in board.written] == [("r", State.RAISED, START)]


async def test_a_reading_that_fails_changes_nothing_and_stops_nothing() -> None:
    broken, dial, ear = Dial(), Dial(), Ear("ear")
    broken.value, dial.value = None, 5.0
    other = Rule(name="other", unit="u", threshold=1, quiet_below=1, raise_after=1, quiet_after=1)
    watch = Watching({RULE: broken, other: dial}, source="api", channels=[ear], board=Slate())
    await watch.once(START)
    assert ear.heard == ["raised"]
    assert [alert.state for alert in watch.alerts] == [State.QUIET, State.RAISED]

"""An alert is raised when something stays wrong, and is over when it stays right: what swings is told once."""

from datetime import UTC, datetime, timedelta

import pytest

from infra.alerts.rules import Alarm, Rule, State

START = datetime(2026, 11, 21, 9, tzinfo=UTC)


def told(rule: Rule, values: list[float | None]) -> list[tuple[int, str]]:
    """At which look which state was told."""
    alarm = Alarm(rule, source="api", now=START)
    found = []
    for number, value in enumerate(values):
        if changed := alarm.look(value, START + timedelta(seconds=number)):
            assert changed.since == START + timedelta(seconds=number)
            found.append((number, changed.state.value))
    return found


RULE = Rule.at("error_rate", 10, "%")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0, 9.9, 9.9, 9.9], []),
        ([10], []),
        ([10, 0, 10, 0, 10, 0], []),
        ([10, 10], [(1, "raised")]),
        ([50, 50, 50, 50, 50], [(1, "raised")]),
        ([10, 10, 9, 9, 9, 9, 9, 9, 12, 12, 12], [(1, "raised")]),
        ([10, 10, 0, 0, 0], [(1, "raised")]),
        ([10, 10, 0, 0, 0, 0], [(1, "raised"), (5, "quiet")]),
        ([10, 10, 0, 0, 0, 11, 0, 0, 0, 0], [(1, "raised"), (9, "quiet")]),
        ([10, 10, 0, 0, 0, 0, 10, 10], [(1, "raised"), (5, "quiet"), (7, "raised")]),
        ([10, None, None, 10], [(3, "raised")]),
        ([10, 10, None, None, None, None, None], [(1, "raised")]),
    ],
)
def test_what_is_told(values: list[float | None], expected: list[tuple[int, str]]) -> None:
    assert told(RULE, values) == expected


def test_swinging_about_the_threshold_is_told_once() -> None:
    assert told(RULE, [10, 10] + [10.5, 9.5] * 100) == [(1, "raised")]
    without = Rule(name="r", unit="%", threshold=10, quiet_below=10, raise_after=1, quiet_after=1)
    assert len(told(without, [10, 10] + [10.5, 9.5] * 100)) > 100


def test_the_value_is_the_last_one_measured() -> None:
    alarm = Alarm(RULE, source="api", now=START)
    alarm.look(7, START)
    alarm.look(None, START)
    assert (alarm.alert.value, alarm.alert.state, alarm.alert.threshold) == (7, State.QUIET, 10)


def test_one_line_says_what_is_wrong() -> None:
    alarm = Alarm(RULE, source="worker", now=START)
    alarm.look(12.345678, START)
    raised = alarm.look(12.345678, START)
    assert raised is not None
    assert raised.text == "error_rate raised in worker: 12.3457 %, threshold 10"

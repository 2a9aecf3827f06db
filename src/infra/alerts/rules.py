"""When an alert is raised, and when it is over."""

from datetime import datetime
from enum import StrEnum

import msgspec


class State(StrEnum):
    """`raised` from the moment it is told until it is over."""

    QUIET = "quiet"
    RAISED = "raised"


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """Raised after `raise_after` looks in a row at or above `threshold`, over after `quiet_after` below `quiet_below`.

    Between the two values nothing changes: what swings about one threshold is told once.
    """

    name: str
    unit: str
    threshold: float
    quiet_below: float
    raise_after: int = 2
    quiet_after: int = 4

    @classmethod
    def at(cls, name: str, threshold: float, unit: str) -> "Rule":
        """Over when a fifth below the threshold."""
        return cls(name=name, unit=unit, threshold=threshold, quiet_below=threshold * 0.8)


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """How one rule stands in one process. `since` when; `source` is the kind of process."""

    rule: str
    source: str
    state: State
    value: float
    threshold: float
    unit: str
    since: datetime

    @property
    def text(self) -> str:
        """One line for people."""
        verb = "raised" if self.state is State.RAISED else "over"
        return f"{self.rule} {verb} in {self.source}: {self.value:g} {self.unit}, threshold {self.threshold:g}"


class Alarm:
    """One rule, and how it stands."""

    def __init__(self, rule: Rule, *, source: str, now: datetime) -> None:
        self._rule = rule
        self._against = 0
        self.alert = Alert(
            rule=rule.name,
            source=source,
            state=State.QUIET,
            value=0.0,
            threshold=rule.threshold,
            unit=rule.unit,
            since=now,
        )

    def look(self, value: float | None, now: datetime) -> Alert | None:
        """Take one look; None could not be measured, and changes nothing. Give the alert if its state has changed."""
        if value is None:
            return None
        self._against = self._against + 1 if self._speaks_against(value) else 0
        self.alert = msgspec.structs.replace(self.alert, value=value)
        if self._against < self._needed:
            return None
        self._against = 0
        state = State.QUIET if self.alert.state is State.RAISED else State.RAISED
        self.alert = msgspec.structs.replace(self.alert, state=state, since=now)
        return self.alert

    @property
    def _needed(self) -> int:
        return self._rule.quiet_after if self.alert.state is State.RAISED else self._rule.raise_after

    def _speaks_against(self, value: float) -> bool:
        """Whether `value` speaks against the present state."""
        if self.alert.state is State.RAISED:
            return value < self._rule.quiet_below
        return value >= self._rule.threshold

"""Looks at every rule, tells of changes, and writes down how all of them stand."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

import structlog

from infra.alerts.rules import Alarm, Alert, Rule

LOOK_SECONDS = 15.0
_PATIENCE_SECONDS = 30.0
_UNTOLD = 200
_STALE = timedelta(hours=1)

_log = structlog.get_logger("alerts")

Reading = Callable[[], Awaitable[float | None]]
"""A value as it is now; None where there is nothing to measure."""


class Channel(Protocol):
    """A way to tell an operator."""

    @property
    def name(self) -> str: ...

    async def tell(self, alert: Alert) -> None:
        """Return when it was taken over; raise when not, and be asked again at the next look, for an hour."""
        ...


class Board(Protocol):
    """Where it is written down, for all processes to see."""

    async def write(self, alerts: Sequence[Alert]) -> None: ...


class Watching:
    """Told by nobody: it looks by itself. What fails here (a reading, a channel, the board) stops nothing else.

    A channel has `patience` seconds for an alert.
    """

    def __init__(
        self,
        rules: Mapping[Rule, Reading],
        *,
        source: str,
        channels: Sequence[Channel],
        board: Board,
        patience: float = _PATIENCE_SECONDS,
    ) -> None:
        now = datetime.now(UTC)
        self._alarms = [(Alarm(rule, source=source, now=now), reading) for rule, reading in rules.items()]
        self._channels = channels
        self._board = board
        self._patience = patience
        self._untold: deque[tuple[Channel, Alert]] = deque(maxlen=_UNTOLD)

    @property
    def alerts(self) -> list[Alert]:
        return [alarm.alert for alarm, _ in self._alarms]

    async def run(self) -> None:
        """Look every 15 seconds until cancelled."""
        while True:
            await self.once(datetime.now(UTC))
            await asyncio.sleep(LOOK_SECONDS)

    async def once(self, now: datetime) -> None:
        for alarm, reading in self._alarms:
            if changed := alarm.look(await _read(alarm.alert.rule, reading), now):
                _log.warning("alert", rule=changed.rule, state=changed.state.value, value=changed.value)
                self._untold.extend((channel, changed) for channel in self._channels)
        await self._tell(now)
        try:
            await self._board.write(self.alerts)
        except Exception as error:  # noqa: BLE001 - alerts are told without the database too
            _log.warning("alerts_not_written", reason=type(error).__name__)

    async def _tell(self, now: datetime) -> None:
        waiting = [(channel, alert) for channel, alert in self._untold if now - alert.since < _STALE]
        told = await asyncio.gather(*(self._told(channel, alert) for channel, alert in waiting))
        self._untold.clear()
        self._untold.extend(pair for pair, done in zip(waiting, told, strict=True) if not done)

    async def _told(self, channel: Channel, alert: Alert) -> bool:
        try:
            async with asyncio.timeout(self._patience):
                await channel.tell(alert)
        except Exception as error:  # noqa: BLE001 - whatever a channel raises, it is tried again
            _log.warning("alert_not_told", rule=alert.rule, channel=channel.name, reason=type(error).__name__)
            return False
        return True


async def _read(rule: str, reading: Reading) -> float | None:
    try:
        return await reading()
    except Exception as error:  # noqa: BLE001 - what cannot be measured is no alert of its own
        _log.warning("reading_failed", rule=rule, reason=type(error).__name__)
        return None

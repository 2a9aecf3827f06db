"""The last minutes: what alerts and the admin's page are about."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from itertools import accumulate

import msgspec

from infra.metrics.requests import BOUNDS, RequestMeter, RequestTotals

WINDOW_SECONDS = 300.0
_LOOK_SECONDS = 10.0
_ENOUGH = 20


class _Look(msgspec.Struct, frozen=True):
    at: float
    cpu_seconds: float
    totals: RequestTotals


class RecentRequests(msgspec.Struct, frozen=True):
    """What ended in the window. `failed` were answered with a 5xx; `p95` is in seconds, exact to its bucket."""

    count: int
    failed: int
    seconds: float
    p95: float
    cpu_percent: float

    @property
    def failed_percent(self) -> float:
        return 100 * self.failed / self.count if self.count else 0.0

    @property
    def mean_seconds(self) -> float:
        return self.seconds / self.count if self.count else 0.0

    @property
    def is_telling(self) -> bool:
        """Whether there were enough to speak of a rate: one failure of two requests is not yet a fire."""
        return self.count >= _ENOUGH


class Recent:
    """Compares what a meter shows now with what it showed up to five minutes ago. Costs a request nothing."""

    def __init__(self, meter: RequestMeter, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._meter = meter
        self._clock = clock
        self._looks = deque([self._look()])

    async def keep(self) -> None:
        """Take note every few seconds until cancelled."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            self.remember()

    def remember(self) -> None:
        """Take note of how things stand, and forget what is older than the window."""
        self._looks.append(self._look())
        while len(self._looks) > 1 and self._looks[1].at <= self._looks[-1].at - WINDOW_SECONDS:
            self._looks.popleft()

    def now(self) -> RecentRequests:
        first, last = self._looks[0], self._look()
        slots = [after - before for before, after in zip(first.totals.slots, last.totals.slots, strict=True)]
        passed = max(last.at - first.at, 0.001)
        return RecentRequests(
            count=last.totals.count - first.totals.count,
            failed=last.totals.failed - first.totals.failed,
            seconds=last.totals.seconds - first.totals.seconds,
            p95=_percentile(slots, 0.95),
            cpu_percent=100 * (last.cpu_seconds - first.cpu_seconds) / passed,
        )

    def _look(self) -> _Look:
        return _Look(self._clock(), time.process_time(), self._meter.totals())


def _percentile(slots: list[int], share: float) -> float:
    """Interpolated inside its bucket, as Prometheus does; beyond the last bound, that bound."""
    wanted = share * sum(slots)
    for place, below in enumerate(accumulate(slots)):
        if slots[place] and below >= wanted:
            if place == len(BOUNDS):
                break
            low = BOUNDS[place - 1] if place else 0.0
            return low + (BOUNDS[place] - low) * (wanted - (below - slots[place])) / slots[place]
    return BOUNDS[-1] if sum(slots) else 0.0

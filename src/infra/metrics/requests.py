"""Requests: how many, how long, how they ended."""

from bisect import bisect_left

import msgspec
from prometheus_client import CollectorRegistry, Gauge, Histogram

BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_FAILED = 500
_PROBE = "/health"


class RequestTotals(msgspec.Struct, frozen=True):
    """All since the process began, health probes aside. `slots[i]` took at most `BOUNDS[i]` s, the last one longer."""

    count: int
    failed: int
    seconds: float
    slots: tuple[int, ...]


class RequestMeter:
    """Told of each request when it begins and when it has ended."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._seconds = Histogram(
            "frontdesk_http_request_duration_seconds",
            "Requests by method, route template and class of status, and how long they took.",
            ("method", "route", "status"),
            buckets=BOUNDS,
            registry=registry,
        )
        self._cells: dict[tuple[str, str, int], Histogram] = {}
        self.in_flight = 0
        Gauge("frontdesk_http_requests_in_flight", "Requests under way.", registry=registry).set_function(
            lambda: self.in_flight
        )
        self._count = 0
        self._failed = 0
        self._total = 0.0
        self._slots = [0] * (len(BOUNDS) + 1)

    def began(self) -> None:
        self.in_flight += 1

    def ended(self, *, method: str, route: str, status: int, seconds: float) -> None:
        self.in_flight -= 1
        key = (method, route, status // 100)
        cell = self._cells.get(key)
        if cell is None:
            cell = self._cells[key] = self._seconds.labels(method, route, f"{status // 100}xx")
        cell.observe(seconds)
        if _PROBE not in route:
            self._count += 1
            self._failed += status >= _FAILED
            self._total += seconds
            self._slots[bisect_left(BOUNDS, seconds)] += 1

    def totals(self) -> RequestTotals:
        return RequestTotals(self._count, self._failed, self._total, tuple(self._slots))

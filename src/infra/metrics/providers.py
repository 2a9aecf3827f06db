"""Providers: how long their answers take, and how often there is none."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Histogram

from infra.metrics.lately import Lately

_BOUNDS = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 20.0)


class ProviderMeter:
    """Times calls by provider and outcome (ok, failed), and remembers when the last ones failed."""

    def __init__(self, registry: CollectorRegistry, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._failures = Lately(clock)
        self._calls = Histogram(
            "frontdesk_provider_call_duration_seconds",
            "Calls to providers by provider and outcome (ok, failed), and how long they took.",
            ("provider", "outcome"),
            buckets=_BOUNDS,
            registry=registry,
        )

    @contextmanager
    def call(self, provider: str) -> Iterator[None]:
        """Count and time the call that is made inside; it failed if it raises."""
        began = time.perf_counter()
        outcome = "failed"
        try:
            yield
            outcome = "ok"
        finally:
            self._calls.labels(provider, outcome).observe(time.perf_counter() - began)
            if outcome == "failed":
                self._failures.add()

    def failures(self, *, within: float) -> int:
        """How many calls failed in the last `within` seconds."""
        return self._failures.count(within=within)

"""All instruments of one process, in a registry of its own."""

import asyncio
import platform
import time
from collections.abc import Callable

import prometheus_client
from prometheus_client import CollectorRegistry, Counter, Gauge, GCCollector, Histogram, ProcessCollector

from infra.metrics.database import DatabaseMeter
from infra.metrics.envelopes import EnvelopeMeter
from infra.metrics.jobs import JobMeter
from infra.metrics.providers import ProviderMeter
from infra.metrics.recent import Recent
from infra.metrics.requests import RequestMeter
from infra.metrics.webhooks import WebhookMeter

_LOOK_SECONDS = 0.25
_LAGS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)


class Instruments:
    """What a process of this role (`api`, `worker`) counts and times."""

    def __init__(self, *, role: str, version: str) -> None:
        prometheus_client.disable_created_metrics()  # type: ignore[no-untyped-call]  # the library leaves it untyped
        self.role = role
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        GCCollector(registry=registry)
        build = Gauge("frontdesk_build_info", "What runs here.", ("version", "role", "python"), registry=registry)
        build.labels(version, role, platform.python_version()).set(1)
        self.requests = RequestMeter(registry)
        self.recent = Recent(self.requests)
        self.database = DatabaseMeter(registry)
        self.envelopes = EnvelopeMeter(registry)
        self.jobs = JobMeter(registry)
        self.providers = ProviderMeter(registry)
        self.webhooks = WebhookMeter(registry)
        self._lag = Histogram(
            "frontdesk_event_loop_lag_seconds", "How late the event loop was.", buckets=_LAGS, registry=registry
        )
        self._swept = Counter(
            "frontdesk_swept_rows", "Rows removed because their time was over.", ("what",), registry=registry
        )
        self._beyond = Counter(
            "frontdesk_quota_refusals",
            "Refusals because a plan gives no more, by quota.",
            ("quota",),
            registry=registry,
        )
        self._hashing = Gauge("frontdesk_password_hash_queue", "Passwords that wait to be hashed.", registry=registry)

    def count_swept(self, what: str, rows: int) -> None:
        """Count rows of one kind that were kept long enough."""
        self._swept.labels(what).inc(rows)

    def count_quota_refusal(self, quota: str) -> None:
        """Count one who wanted more than the plan gives."""
        self._beyond.labels(quota).inc()

    def show_hash_queue(self, waiting: Callable[[], int]) -> None:
        """Show how many `waiting` says, whenever somebody looks."""
        self._hashing.set_function(waiting)

    async def watch_loop(self) -> None:
        """Measure the event loop's lag until cancelled."""
        while True:
            began = time.perf_counter()
            await asyncio.sleep(_LOOK_SECONDS)
            self._lag.observe(max(0.0, time.perf_counter() - began - _LOOK_SECONDS))

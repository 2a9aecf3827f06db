"""What follows commits: how it is handled, and how much of it waits."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Gauge, Histogram

from domains.shared.envelopes import Envelope
from infra.postgres.backlog import Backlog

_BOUNDS = (0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0)


class EnvelopeMeter:
    """Times handlers by kind and outcome; shows the backlog as it was last measured, NaN if it never was."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._handled = Histogram(
            "frontdesk_relay_handling_seconds",
            "Envelopes by kind and outcome (handled, failed), and how long their handler took.",
            ("kind", "outcome"),
            buckets=_BOUNDS,
            registry=registry,
        )
        self._waiting = Gauge("frontdesk_outbox_waiting", "Envelopes not yet handled.", registry=registry)
        self._oldest = Gauge(
            "frontdesk_outbox_oldest_age_seconds", "For how long the oldest of them has been due.", registry=registry
        )
        self._parked = Gauge(
            "frontdesk_outbox_parked", "Envelopes put aside: they failed too often.", registry=registry
        )
        self._doubtful = Gauge(
            "frontdesk_vendor_calls_in_doubt", "Calls to vendors whose outcome nobody knows.", registry=registry
        )
        for gauge in (self._waiting, self._oldest, self._parked, self._doubtful):
            gauge.set(math.nan)

    @contextmanager
    def around(self, envelope: Envelope) -> Iterator[None]:
        """Count and time what is done inside."""
        began = time.perf_counter()
        outcome = "failed"
        try:
            yield
            outcome = "handled"
        finally:
            self._handled.labels(envelope.kind, outcome).observe(time.perf_counter() - began)

    def show(self, backlog: Backlog) -> None:
        self._waiting.set(backlog.waiting)
        self._oldest.set(backlog.oldest_seconds)
        self._parked.set(backlog.parked)

    def show_doubt(self, calls: int) -> None:
        """Show how many calls to vendors are in doubt."""
        self._doubtful.set(calls)

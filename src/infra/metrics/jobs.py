"""Jobs: how their turns end, and how many wait."""

import math

from prometheus_client import CollectorRegistry, Gauge, Histogram

from infra.postgres.job_envelopes import JobBacklog

_BOUNDS = (0.1, 0.5, 1.0, 5.0, 15.0, 30.0, 60.0, 120.0)


class JobMeter:
    """Times turns by kind and outcome; shows the backlog as it was last measured, NaN if it never was."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._turns = Histogram(
            "frontdesk_job_turn_seconds",
            "Turns of jobs by kind and outcome (ended, handed_on, failed, given_up, superseded), and how long.",
            ("kind", "outcome"),
            buckets=_BOUNDS,
            registry=registry,
        )
        self._unfinished = Gauge("frontdesk_jobs_unfinished", "Jobs that wait or run.", registry=registry)
        self._running = Gauge("frontdesk_jobs_running", "Jobs that run.", registry=registry)
        self._oldest = Gauge(
            "frontdesk_jobs_oldest_age_seconds", "For how long the oldest of them has waited or run.", registry=registry
        )
        self._parked = Gauge("frontdesk_jobs_parked", "Jobs given up: they failed too often.", registry=registry)
        for gauge in (self._unfinished, self._running, self._oldest, self._parked):
            gauge.set(math.nan)

    def turned(self, kind: str, outcome: str, seconds: float) -> None:
        """Count one turn."""
        self._turns.labels(kind, outcome).observe(seconds)

    def show(self, backlog: JobBacklog) -> None:
        self._unfinished.set(backlog.unfinished)
        self._running.set(backlog.running)
        self._oldest.set(backlog.oldest_seconds)
        self._parked.set(backlog.parked)

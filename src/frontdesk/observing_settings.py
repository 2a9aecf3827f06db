"""What an operator can set about metrics, traces, reports and alerts."""

import re
from datetime import timedelta
from typing import Self

import msgspec

from frontdesk.variables import Variables

_DSN = re.compile(r"https?://[^/@:]+@[^/@]+/(?:[^?#]*/)?[0-9]+")
_ADDRESS = re.compile(r"[^\s@<>,]+@[^\s@<>,]+")
_WEB = ("https", "http")


class ObservingSettings(msgspec.Struct, frozen=True, kw_only=True):
    """A port of 0, and an address that is None, mean: not at all."""

    metrics_host: str
    api_metrics_port: int
    worker_metrics_port: int
    otlp_endpoint: str | None
    traces_percent: int
    sentry_dsn: str | None
    mail_to: tuple[str, ...]
    webhook_url: str | None
    error_percent: int
    p95_ms: int
    outbox_age: timedelta
    parked: int
    provider_failures: int

    @classmethod
    def read(cls, of: Variables) -> Self:
        return cls(
            metrics_host=of.matching("METRICS_HOST", "127.0.0.1", r"[A-Za-z0-9.:_-]{1,253}", "an IP address or a name"),
            api_metrics_port=of.whole("METRICS_PORT", 0, low=1, high=65535),
            worker_metrics_port=of.whole("WORKER_METRICS_PORT", 0, low=1, high=65535),
            otlp_endpoint=of.address("OTEL_EXPORTER_OTLP_ENDPOINT", schemes=_WEB),
            traces_percent=of.whole("TRACES_PERCENT", 100, low=0, high=100),
            sentry_dsn=_dsn(of),
            mail_to=_addresses(of),
            webhook_url=of.address("ALERT_WEBHOOK_URL", schemes=_WEB),
            error_percent=of.whole("ALERT_ERROR_PERCENT", 5, low=1, high=100),
            p95_ms=of.whole("ALERT_P95_MS", 1000, low=1, high=60_000),
            outbox_age=of.duration(
                "ALERT_OUTBOX_AGE", timedelta(minutes=1), low=timedelta(seconds=1), high=timedelta(days=1)
            ),
            parked=of.whole("ALERT_PARKED", 1, low=1, high=1_000_000),
            provider_failures=of.whole("ALERT_PROVIDER_FAILURES", 5, low=1, high=10_000),
        )


def _dsn(of: Variables) -> str | None:
    found = of.text("SENTRY_DSN")
    if found is not None and not _DSN.fullmatch(found):
        of.wrong("SENTRY_DSN", "must be a DSN such as https://key@host/1")
    return found


def _addresses(of: Variables) -> tuple[str, ...]:
    found = tuple(part.strip() for part in (of.text("ALERT_MAIL_TO") or "").split(",") if part.strip())
    if not all(_ADDRESS.fullmatch(address) for address in found):
        of.wrong("ALERT_MAIL_TO", "must be e-mail addresses, separated by commas")
    return found

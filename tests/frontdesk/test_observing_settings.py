"""What can be set about observing, and what is refused."""

from pathlib import Path

import pytest

from frontdesk.refusal import Refusal
from frontdesk.settings import Settings

NOWHERE = Path("no such file")


def test_nothing_is_observed_from_outside_unless_it_is_set() -> None:
    of = Settings.load({}, file=NOWHERE).observing
    assert (of.api_metrics_port, of.worker_metrics_port, of.metrics_host) == (0, 0, "127.0.0.1")
    assert (of.otlp_endpoint, of.sentry_dsn, of.webhook_url, of.mail_to) == (None, None, None, ())


def test_what_is_set_is_taken() -> None:
    given = {
        "METRICS_PORT": "9100",
        "WORKER_METRICS_PORT": "9101",
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318",
        "SENTRY_DSN": "https://key@sentry.example.com/42",
        "ALERT_MAIL_TO": "a@example.com, b@example.com",
        "ALERT_WEBHOOK_URL": "https://chat.example.com/hooks/secret",
        "ALERT_OUTBOX_AGE": "5m",
    }
    of = Settings.load(given, file=NOWHERE).observing
    assert (of.api_metrics_port, of.worker_metrics_port) == (9100, 9101)
    assert of.mail_to == ("a@example.com", "b@example.com")
    assert of.outbox_age.total_seconds() == 300
    assert of.sentry_dsn == given["SENTRY_DSN"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("METRICS_PORT", "0"),
        ("METRICS_PORT", "65536"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"),
        ("TRACES_PERCENT", "101"),
        ("SENTRY_DSN", "https://secret.example.com/42"),
        ("SENTRY_DSN", "https://secret@sentry.example.com/project"),
        ("ALERT_MAIL_TO", "a@example.com, nobody"),
        ("ALERT_WEBHOOK_URL", "ftp://secret.example.com"),
        ("ALERT_ERROR_PERCENT", "0"),
        ("ALERT_OUTBOX_AGE", "soon"),
    ],
)
def test_what_cannot_be_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(Refusal) as refused:
        Settings.load({name: value}, file=NOWHERE)
    assert str(refused.value).startswith(f"{name} must be ")
    assert "secret" not in str(refused.value)

"""Sentry hears of what nobody expected, by its own protocol, and of nothing that people wrote."""

from collections.abc import Iterator
from typing import Any

import asyncpg
import msgspec
import pytest

from infra.sentry import SentryReports
from tests.support.listening import Listener, Told, listener

PERSONAL = "ada.lovelace@example.com"


@pytest.fixture
def sentry() -> Iterator[Listener]:
    with listener() as listening:
        yield listening


@pytest.fixture
def reports(sentry: Listener) -> SentryReports:
    return SentryReports(f"http://key@127.0.0.1:{sentry.port}/7", role="api", version="1.2.3", environment="test")


def event_in(told: Told) -> dict[str, Any]:
    """The event of an envelope: a header line, then a header line and a payload for each item."""
    _, header, payload, *_ = told.body.split(b"\n")
    assert msgspec.json.decode(header)["type"] == "event"
    decoded: dict[str, Any] = msgspec.json.decode(payload)
    return decoded


def failed_about(secret: str) -> BaseException:
    """An exception that quotes, with a local variable and a cause that do so too."""
    try:
        fail(secret)
    except ValueError as error:
        error.add_note(f"noted: {secret}")
        return error
    raise AssertionError


def fail(secret: str) -> None:
    password = f"password of {secret}"
    cause = asyncpg.UniqueViolationError(f"Key (email)=({secret}) already exists.")
    raise ValueError(f"not valid: {password}") from cause


def test_an_exception_arrives_as_an_envelope(sentry: Listener, reports: SentryReports) -> None:
    reports.exception(failed_about(PERSONAL), logged_as="unhandled_exception", ids={"request_id": "abc-123"})
    reports.close()
    [told] = sentry.wait_for(1)
    assert told.path == "/api/7/envelope/"
    assert "sentry_key=key" in told.headers["x-sentry-auth"]
    event = event_in(told)
    assert event["release"] == "frontdesk@1.2.3"
    assert event["tags"] == {"request_id": "abc-123", "logged_as": "unhandled_exception", "role": "api"}
    kinds = [(value["module"], value["type"]) for value in event["exception"]["values"]]
    assert kinds == [("asyncpg.exceptions", "UniqueViolationError"), (None, "ValueError")]
    frame = event["exception"]["values"][-1]["stacktrace"]["frames"][-1]
    assert (frame["function"], frame["lineno"] > 0) == ("fail", True)


def test_nothing_that_somebody_wrote_is_in_it(sentry: Listener, reports: SentryReports) -> None:
    ids = {"request_id": "abc-123", "email": PERSONAL, "event": PERSONAL, "url": PERSONAL, "headers": {"a": PERSONAL}}
    reports.exception(failed_about(PERSONAL), logged_as="unhandled_exception", ids=ids)
    reports.close()
    [told] = sentry.wait_for(1)
    everything = repr(event_in(told)) + repr(told.headers) + repr(told.body)
    assert "lovelace" not in everything
    assert "password of" not in everything
    assert set(event_in(told)) <= {
        "event_id", "timestamp", "level", "platform", "release", "environment", "tags", "sdk", "exception",
    }  # fmt: skip


def test_an_outage_is_told_once_a_minute(sentry: Listener, reports: SentryReports) -> None:
    for _ in range(50):
        reports.exception(failed_about("x"), logged_as="unhandled_exception", ids={})
    reports.exception(TypeError("another"), logged_as="unhandled_exception", ids={})
    reports.exception(failed_about("x"), logged_as="subscriber_failed", ids={})
    reports.close()
    assert len(sentry.wait_for(3)) == 3


def test_a_sentry_that_is_away_costs_two_seconds_at_most() -> None:
    reports = SentryReports("http://key@127.0.0.1:1/7", role="api", version="1", environment="test")
    reports.exception(TypeError("x"), logged_as="unhandled_exception", ids={})
    reports.close()
    assert reports._client.transport is None

"""Reports to Sentry, or to what speaks its protocol: exceptions that nobody expected, and alerts.

A report holds types, places in the code and ids. It never holds the text of an exception, which may quote what somebody
wrote, nor local variables, bodies, headers or addresses: what leaves is a list of what may.
"""

import time
from collections.abc import Mapping
from typing import Any

import sentry_sdk
from sentry_sdk.types import Event, Hint
from sentry_sdk.utils import event_from_exception

_KEPT = frozenset({"event_id", "timestamp", "level", "platform", "release", "environment", "tags", "message", "sdk"})
_OF_EXCEPTION = ("type", "module")
_OF_FRAME = ("filename", "function", "module", "lineno", "in_app")
_TAGS = ("request_id", "event_id", "subscriber", "route", "rule", "state", "logged_as", "role")
_AGAIN_AFTER_SECONDS = 60.0
_CLOSING_SECONDS = 2.0


class SentryReports:
    """The `Reports`: one exception of a kind a minute: an outage is told, not poured out."""

    def __init__(self, dsn: str, *, role: str, version: str, environment: str) -> None:
        self._role = role
        self._told: dict[tuple[str, str], float] = {}
        self._client = sentry_sdk.Client(
            dsn=dsn,
            release=f"frontdesk@{version}",
            environment=environment,
            server_name=role,
            default_integrations=False,
            auto_enabling_integrations=False,
            auto_session_tracking=False,
            send_client_reports=False,
            include_local_variables=False,
            include_source_context=False,
            spotlight=False,
            max_request_body_size="never",
            max_breadcrumbs=0,
            before_send=stripped,
        )

    def exception(self, error: BaseException, *, logged_as: str, ids: Mapping[str, object]) -> None:
        key, now = (logged_as, type(error).__qualname__), time.monotonic()
        if now - self._told.get(key, -_AGAIN_AFTER_SECONDS) < _AGAIN_AFTER_SECONDS:
            return
        self._told[key] = now
        event, hint = event_from_exception(error, client_options=self._client.options)
        self._client.capture_event(self._tagged(event, {**ids, "logged_as": logged_as}), hint)

    def message(self, text: str, **ids: str) -> None:
        self._client.capture_event(self._tagged({"message": text, "level": "error"}, ids))

    def close(self) -> None:
        self._client.close(timeout=_CLOSING_SECONDS)

    def _tagged(self, event: Event, ids: Mapping[str, object]) -> Event:
        tags = {name: str(ids[name])[:200] for name in _TAGS if name in ids}
        return {**event, "tags": {**tags, "role": self._role}}


def stripped(event: Event, _hint: Hint) -> Event:
    """The event with only what may leave."""
    kept: dict[str, Any] = {name: value for name, value in event.items() if name in _KEPT}
    values = (event.get("exception") or {}).get("values") or []
    if values:
        kept["exception"] = {"values": [_bare(value) for value in values]}
    return kept  # type: ignore[return-value]  # a subset of the event's own keys


def _bare(value: dict[str, Any]) -> dict[str, Any]:
    frames = (value.get("stacktrace") or {}).get("frames") or []
    places = [{name: frame[name] for name in _OF_FRAME if name in frame} for frame in frames]
    return {**{name: value.get(name) for name in _OF_EXCEPTION}, "value": "", "stacktrace": {"frames": places}}

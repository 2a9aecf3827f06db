"""Adapters that are loaded where the settings ask for them: without Redis, no process holds its client in memory."""

import importlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Protocol

from api.sandbox import PaymentSandbox
from domains.payments import Cards
from domains.shared.limits import RateLimiter
from domains.shared.live import Bell, Places
from infra.alerts.watching import Channel
from infra.reports import Reports
from infra.tracing.traces import SpanSource


class RunningBell(Bell, Protocol):
    """A bell that hears while it runs."""

    async def run(self) -> None: ...


class HeldPlaces(Places, Protocol):
    """Places over a connection."""

    async def close(self) -> None: ...


class HeldLimits(RateLimiter, Protocol):
    """Limits over a connection."""

    async def close(self) -> None: ...


class HeldCards(Cards, Protocol):
    """Cards over a connection."""

    async def close(self) -> None: ...


def redis_bell(url: str) -> RunningBell:
    bell: RunningBell = _loaded("infra.redis.bell", "RedisBell")(url)
    return bell


def redis_places(url: str, *, most: int) -> HeldPlaces:
    places: HeldPlaces = _loaded("infra.redis.places", "RedisPlaces")(url, most=most)
    return places


def redis_limits(url: str) -> HeldLimits:
    limits: HeldLimits = _loaded("infra.limits.redis", "RedisLimits")(url)
    return limits


def stripe_cards(*, address: str | None, watch: Callable[[], AbstractContextManager[None]]) -> HeldCards:
    """Takes a while where nobody has asked for it before."""
    cards: HeldCards = _loaded("infra.stripe.cards", "StripeCards")(address=address, watch=watch)
    return cards


def stripe_control(address: str | None) -> PaymentSandbox:
    control: PaymentSandbox = _loaded("infra.sandbox.stripe_control", "StripeControl")(address)
    return control


def posted_alerts(url: str) -> Channel:
    alerts: Channel = _loaded("infra.alerts.posting", "PostedAlerts")(url)
    return alerts


def exported_spans(endpoint: str, *, role: str, version: str, percent: int) -> SpanSource:
    make = _loaded("infra.tracing.exporting", "exported_spans")
    spans: SpanSource = make(endpoint, role=role, version=version, percent=percent)
    return spans


def sentry_reports(dsn: str, *, role: str, version: str, environment: str) -> Reports:
    make = _loaded("infra.sentry", "SentryReports")
    reports: Reports = make(dsn, role=role, version=version, environment=environment)
    return reports


def _loaded(module: str, name: str) -> Callable[..., Any]:
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found

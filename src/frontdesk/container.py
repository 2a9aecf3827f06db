"""The containers: all parts, wired, for an API process and for a worker."""

from collections.abc import Sequence
from typing import Any

from dishka import AsyncContainer, Provider, make_async_container
from dishka.integrations.litestar import LitestarProvider

from frontdesk.callers import ByEnvelope, OverHttp
from frontdesk.ingredients import Ingredients
from frontdesk.live_parts import LiveParts
from frontdesk.telemetry import Telemetry
from frontdesk.wiring.audit import AuditParts
from frontdesk.wiring.customers import CustomersParts
from frontdesk.wiring.identity import IdentityParts
from frontdesk.wiring.process import ProcessParts
from frontdesk.wiring.work import WorkParts
from infra.metrics.instruments import Instruments


def http_container(ingredients: Ingredients, telemetry: Telemetry | None = None) -> AsyncContainer:
    """The parts of an API process."""
    context = _context(ingredients, telemetry, role="api")
    return make_async_container(*_parts(ingredients), OverHttp(), LitestarProvider(), context=context)


def worker_container(ingredients: Ingredients, telemetry: Telemetry | None = None, *more: Provider) -> AsyncContainer:
    """The parts of a worker, and `more`; enter it with a `Caller` for each envelope."""
    context = _context(ingredients, telemetry, role="worker")
    return make_async_container(*_parts(ingredients), ByEnvelope(), *more, context=context)


def _parts(ingredients: Ingredients) -> Sequence[Provider]:
    live = LiveParts(ingredients.database_url, ingredients.redis_url)
    return [ProcessParts(), live, WorkParts(), IdentityParts(), AuditParts(), CustomersParts()]


def _context(ingredients: Ingredients, telemetry: Telemetry | None, *, role: str) -> dict[Any, Any]:
    unseen = Telemetry(Instruments(role=role, version=ingredients.version))
    return {Ingredients: ingredients, Telemetry: telemetry or unseen}

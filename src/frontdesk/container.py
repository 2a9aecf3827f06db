"""The containers: all parts, wired, for an API process and for a worker."""

from collections.abc import Sequence
from typing import Any

from dishka import AsyncContainer, Provider, make_async_container

from frontdesk.access_parts import AccessParts
from frontdesk.callers import ByEnvelope, OverHttp
from frontdesk.ingredients import Ingredients
from frontdesk.live_parts import LiveParts
from frontdesk.telemetry import Telemetry
from frontdesk.wiring.appointments import AppointmentsParts
from frontdesk.wiring.audit import AuditParts
from frontdesk.wiring.customer_files import CustomerFilesParts
from frontdesk.wiring.customers import CustomersParts
from frontdesk.wiring.identity import IdentityParts
from frontdesk.wiring.inbox import InboxParts
from frontdesk.wiring.invoices import InvoicesParts
from frontdesk.wiring.jobs import JobsParts
from frontdesk.wiring.letters import LettersParts
from frontdesk.wiring.payments import PaymentsParts
from frontdesk.wiring.process import ProcessParts
from frontdesk.wiring.quotes import QuotesParts
from frontdesk.wiring.sessions import SessionsParts
from frontdesk.wiring.tenants import TenantsParts
from frontdesk.wiring.users import UsersParts
from frontdesk.wiring.work import WorkParts
from infra.metrics.instruments import Instruments


def http_container(ingredients: Ingredients, telemetry: Telemetry | None = None, *more: Provider) -> AsyncContainer:
    """The parts of an API process; `more` take the place of those that have the same type."""
    context = _context(ingredients, telemetry, role="api")
    return make_async_container(*_parts(ingredients), OverHttp(), *more, context=context)


def worker_container(ingredients: Ingredients, telemetry: Telemetry | None = None, *more: Provider) -> AsyncContainer:
    """The parts of a worker, and `more`; enter it with a `Caller` for each envelope."""
    context = _context(ingredients, telemetry, role="worker")
    return make_async_container(*_parts(ingredients), ByEnvelope(), *more, context=context)


def _parts(ingredients: Ingredients) -> Sequence[Provider]:
    once = [
        ProcessParts(),
        LiveParts(ingredients.database_url, ingredients.redis_url),
        AccessParts(ingredients.database_url),
    ]
    identity = [IdentityParts(), SessionsParts()]
    people = [*identity, AuditParts(), TenantsParts(), UsersParts()]
    billing = [QuotesParts(), InvoicesParts(), PaymentsParts()]
    business = [CustomersParts(), CustomerFilesParts(), AppointmentsParts(), *billing]
    carried = [InboxParts(), JobsParts(), LettersParts()]
    return [*once, WorkParts(), *people, *business, *carried]


def _context(ingredients: Ingredients, telemetry: Telemetry | None, *, role: str) -> dict[Any, Any]:
    unseen = Telemetry(Instruments(role=role, version=ingredients.version))
    return {Ingredients: ingredients, Telemetry: telemetry or unseen}

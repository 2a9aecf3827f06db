"""What an API process holds in memory: not what its child processes use, and not what nobody has asked for."""

import subprocess
import sys
from contextlib import nullcontext

import pytest

from frontdesk import on_demand
from infra.alerts.posting import PostedAlerts
from infra.limits.redis import RedisLimits
from infra.redis.bell import RedisBell
from infra.redis.places import RedisPlaces
from infra.sandbox.stripe_control import StripeControl
from infra.sentry import SentryReports
from infra.stripe.cards import StripeCards
from infra.tracing.traces import Traces

OF_CHILD_PROCESSES = {"PIL", "icalendar", "recurring_ical_events", "typst"}
OF_THE_WORKER = {"psycopg", "psycopg_pool", "saq"}
OF_COMMANDS = {"alembic", "aiosmtpd"}
ON_DEMAND = {"httpx", "opentelemetry.exporter", "opentelemetry.sdk", "redis", "requests", "sentry_sdk", "stripe"}
PROGRAM = "import sys; import frontdesk.commands.api; print(*sys.modules)"
REDIS = "redis://127.0.0.1:9"


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    """The modules of an API process before it serves."""
    found = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    return set(found.stdout.split())


@pytest.mark.parametrize("library", sorted(OF_CHILD_PROCESSES | OF_THE_WORKER | OF_COMMANDS | ON_DEMAND))
def test_an_api_process_does_not_load(library: str, loaded: set[str]) -> None:
    assert "frontdesk.asgi" in loaded
    assert library not in loaded


async def test_what_is_wanted_is_loaded() -> None:
    assert isinstance(on_demand.redis_bell(REDIS), RedisBell)
    assert isinstance(on_demand.posted_alerts("https://alerts.example"), PostedAlerts)
    assert isinstance(on_demand.stripe_control(None), StripeControl)
    places, limits = on_demand.redis_places(REDIS, most=1), on_demand.redis_limits(REDIS)
    cards = on_demand.stripe_cards(address=None, watch=nullcontext)
    assert isinstance(places, RedisPlaces)
    assert isinstance(limits, RedisLimits)
    assert isinstance(cards, StripeCards)
    for held in (places, limits, cards):
        await held.close()


def test_traces_and_reports_are_loaded_where_they_are_wanted() -> None:
    spans = on_demand.exported_spans("http://127.0.0.1:9", role="test", version="1", percent=1)
    Traces(spans, version="1").close()
    reports = on_demand.sentry_reports("http://key@127.0.0.1:9/1", role="test", version="1", environment="test")
    assert isinstance(reports, SentryReports)
    reports.close()

"""The API as an ASGI application, for uvicorn."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from dishka import AsyncContainer
from litestar import Litestar

from api.api_keys import API_KEY_ROUTES
from api.app import Lifespan
from api.app import create_app as assemble
from api.appointments import APPOINTMENT_ROUTES
from api.audit import AUDIT_ROUTES
from api.authentication import Authentication
from api.calendar_feed import CALENDAR_FEED_ROUTES
from api.catalogue import SERVICE_ROUTES
from api.credentials import CREDENTIAL_ROUTES
from api.customer_fields import CUSTOMER_FIELD_ROUTES
from api.customer_files import CUSTOMER_FILE_ROUTES
from api.customer_mergers import CUSTOMER_MERGER_ROUTES
from api.customer_timeline import CUSTOMER_TIMELINE_ROUTES
from api.customers import CUSTOMER_ROUTES
from api.edge import EdgeSettings
from api.features import FEATURE_ROUTES
from api.health import Vitals
from api.holds import HOLD_ROUTES
from api.idempotency import Idempotency
from api.identity import IDENTITY_ROUTES
from api.imported_calendars import IMPORTED_CALENDAR_ROUTES
from api.integrations import INTEGRATION_ROUTES
from api.invitations import INVITATION_ROUTES
from api.invoice_papers import INVOICE_PAPER_ROUTES
from api.invoices import INVOICE_ROUTES
from api.jobs import JOB_ROUTES
from api.joining import JOINING_ROUTES
from api.ledger import LEDGER_ROUTES
from api.live.hub import Hub
from api.live.routes import live_routes
from api.logos import LOGO_ROUTES
from api.next_version import NEXT_VERSION_ROUTES
from api.online_booking import ONLINE_BOOKING_ROUTES
from api.operations import OPERATIONS_ROUTES
from api.payments import PAYMENT_ROUTES
from api.price_list import PRICE_LIST_ROUTES
from api.quotes import QUOTE_ROUTES
from api.recurring_invoices import RECURRING_INVOICE_ROUTES
from api.refusals import RefusalsNoted
from api.sandbox import SANDBOX_ROUTES
from api.schedules import SCHEDULE_ROUTES
from api.sessions import SESSION_ROUTES
from api.statements import STATEMENT_ROUTES
from api.stripe_webhooks import STRIPE_WEBHOOK_ROUTES
from api.tenants import TENANT_ROUTES
from api.tracing import Tracing
from api.two_factor import TWO_FACTOR_ROUTES
from api.usage import USAGE_ROUTES
from api.user_administration import USER_ADMINISTRATION_ROUTES
from api.users import USER_ROUTES
from api.waiting_list import WAITING_LIST_ROUTES
from frontdesk.alert_rules import rules_of_the_api
from frontdesk.container import http_container
from frontdesk.ingredients import VERSION, ingredients_of
from frontdesk.logs import configure_logs
from frontdesk.observing import observed
from frontdesk.settings import Settings
from frontdesk.telemetry import Telemetry, telemetry_of
from infra.postgres.database import Database

ROUTES = (
    *IDENTITY_ROUTES,
    *SESSION_ROUTES,
    *API_KEY_ROUTES,
    *CREDENTIAL_ROUTES,
    *TWO_FACTOR_ROUTES,
    *JOINING_ROUTES,
    *INVITATION_ROUTES,
    *TENANT_ROUTES,
    *LOGO_ROUTES,
    *USAGE_ROUTES,
    *FEATURE_ROUTES,
    *INTEGRATION_ROUTES,
    *USER_ROUTES,
    *USER_ADMINISTRATION_ROUTES,
    *CUSTOMER_ROUTES,
    *CUSTOMER_FILE_ROUTES,
    *PRICE_LIST_ROUTES,
    *QUOTE_ROUTES,
    *INVOICE_ROUTES,
    *INVOICE_PAPER_ROUTES,
    *STATEMENT_ROUTES,
    *RECURRING_INVOICE_ROUTES,
    *PAYMENT_ROUTES,
    *LEDGER_ROUTES,
    *STRIPE_WEBHOOK_ROUTES,
    *JOB_ROUTES,
    *CUSTOMER_FIELD_ROUTES,
    *CUSTOMER_MERGER_ROUTES,
    *CUSTOMER_TIMELINE_ROUTES,
    *SERVICE_ROUTES,
    *SCHEDULE_ROUTES,
    *IMPORTED_CALENDAR_ROUTES,
    *APPOINTMENT_ROUTES,
    *ONLINE_BOOKING_ROUTES,
    *HOLD_ROUTES,
    *WAITING_LIST_ROUTES,
    *CALENDAR_FEED_ROUTES,
    *AUDIT_ROUTES,
    *OPERATIONS_ROUTES,
)


def create_app() -> Litestar:
    """The application that the environment describes. Raise `Refusal` where it does not describe one."""
    settings = Settings.load()
    telemetry = telemetry_of(settings, role="api", version=VERSION)
    configure_logs(settings, reports=telemetry.reports)
    edge = EdgeSettings(
        version=VERSION,
        public_url=settings.public_url,
        cors_origins=settings.cors_origins,
        production=settings.is_production,
        rate_limits=settings.rate_limits,
        trusted_proxies=settings.trusted_proxies,
    )
    container = http_container(ingredients_of(settings), telemetry)

    def observing(_app: Litestar) -> AbstractAsyncContextManager[None]:
        of = settings.observing
        rules = rules_of_the_api(of, telemetry.instruments)
        return observed(telemetry, of, container=container, port=of.api_metrics_port, rules=rules)

    @asynccontextmanager
    async def connected(_app: Litestar) -> AsyncIterator[None]:
        await (await container.get(Database)).open()
        yield

    beside = [connected, observing]
    return application(container, edge, with_sandbox=settings.sandbox, telemetry=telemetry, beside=beside)


async def announce_departure(app: Litestar) -> None:
    """Have readiness say that new requests should go elsewhere."""
    container: AsyncContainer = app.state.container
    (await container.get(Vitals)).leave()


async def end_streams(app: Litestar) -> None:
    """Close all sockets and event streams: who was connected does so again, elsewhere."""
    container: AsyncContainer = app.state.container
    (await container.get(Hub)).stop()


def application(
    container: AsyncContainer,
    edge: EdgeSettings,
    *,
    with_sandbox: bool,
    telemetry: Telemetry | None = None,
    beside: Sequence[Lifespan] = (),
) -> Litestar:
    """The whole API over the parts of `container`, which is closed with it. `beside` runs as long, and ends before."""

    @asynccontextmanager
    async def closing(_app: Litestar) -> AsyncIterator[None]:
        yield
        await container.close()

    return assemble(
        routes=[*ROUTES, *live_routes(edge)],
        root_routes=[*NEXT_VERSION_ROUTES, *(SANDBOX_ROUTES if with_sandbox else ())],
        container=container,
        edge=edge,
        middleware=[Authentication(container), RefusalsNoted(), Idempotency()],
        lifespan=[closing, *beside],
        watches=[telemetry.instruments.requests] if telemetry else (),
        outside=[Tracing(telemetry.traces.tracer)] if telemetry and telemetry.traces else (),
    )

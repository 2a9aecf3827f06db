"""The API as an ASGI application, for uvicorn."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from dishka import AsyncContainer
from litestar import Litestar

from api.app import create_app as assemble
from api.authentication import Authentication
from api.customers import CUSTOMER_ROUTES
from api.edge import EdgeSettings
from api.idempotency import Idempotency
from api.identity import IDENTITY_ROUTES
from api.live.hub import Hub
from api.live.routes import live_routes
from api.sandbox import SANDBOX_ROUTES
from frontdesk.container import http_container
from frontdesk.ingredients import VERSION, ingredients_of
from frontdesk.logs import configure_logs
from frontdesk.settings import Settings


def create_app() -> Litestar:
    """The application that the environment describes. Raise `Refusal` where it does not describe one."""
    settings = Settings.load()
    configure_logs(settings)
    edge = EdgeSettings(
        version=VERSION,
        public_url=settings.public_url,
        cors_origins=settings.cors_origins,
        production=settings.is_production,
    )
    return application(http_container(ingredients_of(settings)), edge, with_sandbox=settings.sandbox)


async def end_streams(app: Litestar) -> None:
    """Close all sockets and event streams: who was connected does so again, elsewhere."""
    container: AsyncContainer = app.state.dishka_container
    (await container.get(Hub)).stop()


def application(container: AsyncContainer, edge: EdgeSettings, *, with_sandbox: bool) -> Litestar:
    """The whole API over the parts of `container`, which is closed with it."""

    @asynccontextmanager
    async def closing(_app: Litestar) -> AsyncIterator[None]:
        yield
        await container.close()

    return assemble(
        routes=[*IDENTITY_ROUTES, *CUSTOMER_ROUTES, *live_routes(edge)],
        root_routes=SANDBOX_ROUTES if with_sandbox else (),
        container=container,
        edge=edge,
        middleware=[Authentication(container), Idempotency()],
        lifespan=[closing],
    )

"""The API as an ASGI application, for uvicorn."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from dishka import AsyncContainer
from litestar import Litestar

from api.app import create_app as assemble
from api.authentication import Authentication
from api.customers import CUSTOMER_ROUTES
from api.edge import EdgeSettings
from api.health import Vitals
from api.identity import IDENTITY_ROUTES
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


async def announce_departure(app: Litestar) -> None:
    """Have readiness say that new requests should go elsewhere."""
    container: AsyncContainer = app.state.dishka_container
    (await container.get(Vitals)).leave()


def application(container: AsyncContainer, edge: EdgeSettings, *, with_sandbox: bool) -> Litestar:
    """The whole API over the parts of `container`, which is closed with it."""

    @asynccontextmanager
    async def closing(_app: Litestar) -> AsyncIterator[None]:
        yield
        await container.close()

    return assemble(
        routes=[*IDENTITY_ROUTES, *CUSTOMER_ROUTES],
        root_routes=SANDBOX_ROUTES if with_sandbox else (),
        container=container,
        edge=edge,
        middleware=[Authentication(container)],
        lifespan=[closing],
    )

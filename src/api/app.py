"""The application: every answer passes the same edge, whichever handler gave it."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

from dishka import AsyncContainer
from litestar import Litestar
from litestar.exceptions import ImproperlyConfiguredException
from litestar.handlers import HTTPRouteHandler
from litestar.params import ParameterKwarg
from litestar.routes import HTTPRoute
from litestar.types import ASGIApp, ControllerRouterHandler, Middleware

from api.access_log import AccessLog, RequestWatch
from api.allowed_methods import AllowedMethods
from api.answers import Answer
from api.body import Incoming, SoundBody, StrictBody
from api.containers import OwnParts
from api.cross_origin import CrossOrigin
from api.docs import docs_routes
from api.edge import EdgeSettings
from api.errors import EXCEPTION_HANDLERS
from api.gate import Gate
from api.health import HEALTH_ROUTES
from api.insistence import InsistentRouter
from api.layers import Layer
from api.operations_served import BASE_PATH
from api.parameters import SoundParameters
from api.rate_limits import CountedAnswers, CountedRequests, Meter
from api.request_id import RequestId
from api.security_headers import SecurityHeaders

_GIVEN = frozenset({"data", "request", "socket", "scope"})

Lifespan = Callable[[Litestar], AbstractAsyncContextManager[None]]


def create_app(
    *,
    routes: Sequence[ControllerRouterHandler],
    container: AsyncContainer,
    edge: EdgeSettings,
    root_routes: Sequence[ControllerRouterHandler] = (),
    middleware: Sequence[Middleware] = (),
    lifespan: Sequence[Lifespan] = (),
    watches: Sequence[RequestWatch] = (),
    outside: Sequence[Layer] = (),
) -> Litestar:
    """Serve `routes` under `/api/v1`, and `root_routes`, health and documentation at the root.

    `middleware` stands between the edge and the handlers: authentication first. `watches` are told of every request,
    `outside` stands around the edge, within the request id. The container provides `api.health.Vitals`, the
    `RateLimiter` where there are limits, the `CallWatch` where callers are known, and whatever the routes ask for.
    """
    meter = Meter(container, edge)
    app = Litestar(
        route_handlers=[
            InsistentRouter(BASE_PATH, route_handlers=list(routes)),
            InsistentRouter("/", route_handlers=[*HEALTH_ROUTES, *docs_routes(edge), *root_routes]),
        ],
        dto=StrictBody,
        request_class=Incoming,
        response_class=Answer,
        return_dto=None,
        exception_handlers=EXCEPTION_HANDLERS,
        middleware=[AllowedMethods(), *middleware, CountedRequests(meter), SoundParameters(), SoundBody()],
        lifespan=list(lifespan),
        request_max_body_size=edge.max_body_bytes,
        openapi_config=None,
        logging_config=None,
    )
    _refuse_undeclared(app)
    app.state.container = container
    edge_layers = (Gate(edge), CrossOrigin(edge), SecurityHeaders(edge), AccessLog(container, *watches))
    layers = [OwnParts(container), CountedAnswers(meter), *edge_layers, *outside, RequestId()]
    app.asgi_handler = _within(app.asgi_handler, layers)
    return app


def _within(inner: ASGIApp, layers: Sequence[Layer]) -> ASGIApp:
    for layer in layers:
        inner = layer(inner)
    return inner


def _refuse_undeclared(app: Litestar) -> None:
    """A parameter without a place would be read from the query unchecked."""
    for handler in _handlers(app):
        for name, field in handler.parsed_fn_signature.parameters.items():
            if name not in _GIVEN and not isinstance(field.kwarg_definition, ParameterKwarg):
                raise ImproperlyConfiguredException(f"{handler}: say where the parameter {name} comes from.")


def _handlers(app: Litestar) -> list[HTTPRouteHandler]:
    return [handler for route in app.routes if isinstance(route, HTTPRoute) for handler in route.route_handlers]

"""The methods that an address takes, as the answer to OPTIONS (RFC 9110 §9.3.7)."""

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.routes import HTTPRoute
from litestar.types import ASGIApp, Message, Receive, Scope, Send


class AllowedMethods(ASGIMiddleware):
    """Litestar's own answer names the methods of the address's first handler only."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        async def send_with_all(message: Message) -> None:
            if message["type"] == "http.response.start":
                others = [(name, value) for name, value in message["headers"] if name.lower() != b"allow"]
                message["headers"] = [*others, (b"allow", _allowed(scope))]
            await send(message)

        await next_app(scope, receive, send_with_all if scope.get("method") == "OPTIONS" else send)


def _allowed(scope: Scope) -> bytes:
    template = scope.get("path_template")
    methods = {
        method
        for route in scope["litestar_app"].routes
        if isinstance(route, HTTPRoute) and route.path_format == template
        for method in route.route_handler_map
    }
    return ", ".join(sorted(methods)).encode()

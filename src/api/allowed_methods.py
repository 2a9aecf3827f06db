"""The methods that an address takes, as the answer to OPTIONS (RFC 9110 §9.3.7)."""

from collections.abc import Awaitable, Collection

from litestar.enums import ScopeType
from litestar.routes import HTTPRoute
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from api.layers import Layer


class AllowedMethods(Layer):
    """Litestar's own answer names the methods of the address's first handler only."""

    scopes = (ScopeType.HTTP,)

    def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> Awaitable[None]:
        async def send_with_all(message: Message) -> None:
            if message["type"] == "http.response.start":
                others = [(name, value) for name, value in message["headers"] if name.lower() != b"allow"]
                message["headers"] = [*others, (b"allow", _allowed(scope))]
            await send(message)

        return next_app(scope, receive, send_with_all if scope.get("method") == "OPTIONS" else send)


def _allowed(scope: Scope) -> bytes:
    template = scope.get("path_template")
    methods = {
        method
        for route in scope["litestar_app"].routes
        if isinstance(route, HTTPRoute) and route.path_format == template
        for method in route.route_handler_map
    }
    return listed(methods).encode()


def listed(methods: Collection[str]) -> str:
    """`Allow` for these: what takes GET takes HEAD too, by the gate."""
    return ", ".join(sorted({*methods, "HEAD"} if "GET" in methods else set(methods)))

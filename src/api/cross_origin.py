"""Which web pages may read our answers (CORS): those of the named origins, and never with cookies."""

from collections.abc import Awaitable

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPResponseBodyEvent, HTTPResponseStartEvent, Message, Receive, Scope, Send

from api.edge import EdgeSettings
from api.layers import Layer

_VARIES = (b"vary", b"Origin")
_SHOWN = (
    b"ETag, Idempotency-Replayed, Location, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, "
    b"X-RateLimit-Reset, X-Request-Id"
)
_TAKEN = (
    b"Authorization, Content-Type, Current-Code, Current-Password, Idempotency-Key, If-Match, Last-Event-ID, "
    b"X-Request-Id"
)
_PREFLIGHT = [
    (b"access-control-allow-methods", b"GET, HEAD, POST, PUT, PATCH, DELETE"),
    (b"access-control-allow-headers", _TAKEN),
    (b"access-control-max-age", b"600"),
]


class CrossOrigin(Layer):
    """Origins are compared whole, as bytes. Litestar's own CORS lets some answers go without `Vary: Origin`."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, edge: EdgeSettings) -> None:
        self._allowed = frozenset(origin.encode("ascii") for origin in edge.cors_origins)

    def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> Awaitable[None]:
        origins = [value for name, value in scope["headers"] if name == b"origin"]
        allowed = len(origins) == 1 and origins[0] in self._allowed
        marks = _marks(origins[0]) if allowed else [_VARIES]

        def send_with_origin(message: Message) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *marks]
            return send(message)

        if scope.get("method") == "OPTIONS" and _is_preflight(scope):
            return _answer_preflight(send_with_origin, allowed=allowed)
        return next_app(scope, receive, send_with_origin)


def _marks(origin: bytes) -> list[tuple[bytes, bytes]]:
    return [
        _VARIES,
        (b"access-control-allow-origin", origin),
        (b"access-control-expose-headers", _SHOWN),
        (b"cross-origin-resource-policy", b"cross-origin"),
    ]


def _is_preflight(scope: Scope) -> bool:
    return any(name == b"access-control-request-method" for name, _ in scope["headers"])


async def _answer_preflight(send: Send, *, allowed: bool) -> None:
    """204 in any case: without the allowing headers the browser goes no further."""
    headers = list(_PREFLIGHT) if allowed else []
    start: HTTPResponseStartEvent = {"type": "http.response.start", "status": 204, "headers": headers}
    end: HTTPResponseBodyEvent = {"type": "http.response.body", "body": b"", "more_body": False}
    await send(start)
    await send(end)

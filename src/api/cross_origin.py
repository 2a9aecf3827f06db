"""Which web pages may read our answers (CORS): those of the named origins, and never with cookies."""

from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, HTTPResponseBodyEvent, HTTPResponseStartEvent, Message, Receive, Scope, Send

from api.edge import EdgeSettings

_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE"
_ACCEPTED = "Authorization, Content-Type, Idempotency-Key, If-Match, X-Request-Id"
_SHOWN = (
    "ETag, Idempotency-Replayed, Location, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, "
    "X-RateLimit-Reset, X-Request-Id"
)
_TEN_MINUTES = "600"


class CrossOrigin(ASGIMiddleware):
    """Origins are compared whole, as bytes. Litestar's own CORS lets some answers go without `Vary: Origin`."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, edge: EdgeSettings) -> None:
        self._allowed = {origin.encode("ascii"): origin for origin in edge.cors_origins}

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        given = {name: value for name, value in scope["headers"] if name.startswith((b"origin", b"access-control-"))}
        allowed = self._allowed.get(given.get(b"origin", b""))

        async def send_with_origin(message: Message) -> None:
            if message["type"] == "http.response.start":
                _mark(MutableScopeHeaders.from_message(message), allowed)
            await send(message)

        if scope.get("method") == "OPTIONS" and b"access-control-request-method" in given:
            await _answer_preflight(send_with_origin, allowed)
        else:
            await next_app(scope, receive, send_with_origin)


def _mark(headers: MutableScopeHeaders, allowed: str | None) -> None:
    headers.add("Vary", "Origin")
    if allowed is not None:
        headers["Access-Control-Allow-Origin"] = allowed
        headers["Access-Control-Expose-Headers"] = _SHOWN
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"


async def _answer_preflight(send: Send, allowed: str | None) -> None:
    """204 in any case: without the allowing headers the browser goes no further."""
    start: HTTPResponseStartEvent = {"type": "http.response.start", "status": 204, "headers": []}
    if allowed is not None:
        headers = MutableScopeHeaders.from_message(start)
        headers["Access-Control-Allow-Methods"] = _METHODS
        headers["Access-Control-Allow-Headers"] = _ACCEPTED
        headers["Access-Control-Max-Age"] = _TEN_MINUTES
    end: HTTPResponseBodyEvent = {"type": "http.response.body", "body": b"", "more_body": False}
    await send(start)
    await send(end)

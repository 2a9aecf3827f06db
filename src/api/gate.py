"""The outermost gate: whose name we answer to, which methods exist, and that even our own failure has a shape."""

from collections.abc import Awaitable
from typing import Any, cast
from urllib.parse import urlsplit

from litestar import Request
from litestar.enums import ScopeType
from litestar.exceptions import HTTPException, MethodNotAllowedException
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from api.edge import EdgeSettings
from api.errors import refused_by_edge
from api.layers import Layer
from domains.shared.errors import NotFound

_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
_REFUSED_METHODS = frozenset({"TRACE", "TRACK", "CONNECT"})
_PROBED = ("/health", "/api/v1/health")


class Gate(Layer):
    """Refuses a foreign `Host` in production (health probes aside), TRACE and CONNECT; answers HEAD as GET.

    What fails outside the router, where Litestar does not catch it, is answered as a 500 as well.
    """

    scopes = (ScopeType.HTTP,)

    def __init__(self, edge: EdgeSettings) -> None:
        self._hosts = _hosts_of(edge.public_url) if edge.production else None

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        started = False

        def send_and_note(message: Message) -> Awaitable[None]:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            return send(message)

        try:
            self._refuse(scope)
            await _passed_on(scope, receive, send_and_note, next_app)
        except Exception as error:
            if started:
                raise
            response = refused_by_edge(scope, error)
            await response.to_asgi_response(app=None, request=Request(scope))(scope, receive, send)

    def _refuse(self, scope: Scope) -> None:
        if scope.get("method") in _REFUSED_METHODS:
            raise MethodNotAllowedException(headers={"allow": _METHODS})
        if b"//" in scope["raw_path"]:
            raise NotFound("There is nothing at this address.")
        if self._hosts is not None and not scope["path"].startswith(_PROBED):
            given = [value.lower() for name, value in scope["headers"] if name == b"host"]
            if len(given) != 1 or given[0] not in self._hosts:
                raise HTTPException(status_code=400)


def _hosts_of(public_url: str) -> frozenset[bytes]:
    """The name with the port as it is written, and with the scheme's own port."""
    parts = urlsplit(public_url.lower())
    standard = {"https": 443, "http": 80}.get(parts.scheme)
    names = {parts.netloc}
    if parts.port in (None, standard):
        names |= {str(parts.hostname), f"{parts.hostname}:{standard}"}
    return frozenset(name.encode("ascii") for name in names)


def _passed_on(scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> Awaitable[None]:
    if scope.get("method") == "HEAD":
        return _passed_on_as_get(scope, receive, send, next_app)
    return next_app(scope, receive, send)


async def _passed_on_as_get(scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
    seen = cast("Any", {**scope, "method": "GET"})
    try:
        await next_app(seen, receive, _without_body(send))
    finally:
        scope["path_template"] = seen.get("path_template")


def _without_body(send: Send) -> Send:
    def send_head(message: Message) -> Awaitable[None]:
        if message["type"] == "http.response.body":
            message["body"] = b""
        return send(message)

    return send_head

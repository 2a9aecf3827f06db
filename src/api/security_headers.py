"""What every answer tells a browser: trust nothing, keep nothing, show it nowhere else."""

import re
from collections.abc import Awaitable, Iterable

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from api.edge import EdgeSettings
from api.layers import Layer

API_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
_DEFAULTS = {
    "content-security-policy": API_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
}
_TEXT = re.compile(rb"text/|application/(json|javascript)|[a-z]+/[a-z0-9.]+\+(json|xml)", re.IGNORECASE)
_ONE_YEAR = "max-age=31536000; includeSubDomains"


class SecurityHeaders(Layer):
    """Adds them where an answer has none of its own. `Strict-Transport-Security` is for production only."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, edge: EdgeSettings) -> None:
        defaults = _DEFAULTS | ({"strict-transport-security": _ONE_YEAR} if edge.production else {})
        self._defaults = [(name.encode("ascii"), value.encode("ascii")) for name, value in defaults.items()]

    def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> Awaitable[None]:
        def send_with_headers(message: Message) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                message["headers"] = self._completed(message["headers"])
            return send(message)

        return next_app(scope, receive, send_with_headers)

    def _completed(self, headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        given = [(name, _with_charset(value) if name == b"content-type" else value) for name, value in headers]
        names = {name for name, _ in given}
        return given + [default for default in self._defaults if default[0] not in names]


def _with_charset(kind: bytes) -> bytes:
    return kind + b"; charset=utf-8" if b"charset" not in kind and _TEXT.match(kind) else kind

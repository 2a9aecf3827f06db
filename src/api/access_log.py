"""One log line a request: what was asked of whom, and how it went. Never a query, a body, a header or an address."""

import time
from typing import Any

import structlog
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from api.request_id import request_id_of
from domains.shared.actor import Actor

ACTOR_KEY = "actor"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"})
_NO_ANSWER = 499


class AccessLog(ASGIMiddleware):
    """Logs `request` with fields that nobody outside can write into.

    Authentication leaves the `Actor` in `scope["state"]["actor"]`. Status 499: the caller left before an answer.
    """

    scopes = (ScopeType.HTTP,)

    def __init__(self) -> None:
        self._log = structlog.get_logger("access")

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        started = time.perf_counter()
        method = str(scope.get("method"))
        status = _NO_ANSWER

        async def send_and_see(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await next_app(scope, receive, send_and_see)
        finally:
            duration = round((time.perf_counter() - started) * 1000, 1)
            self._log.info("request", **_described(scope, method), status=status, duration_ms=duration)


def _described(scope: Scope, method: str) -> dict[str, Any]:
    line = {
        "request_id": request_id_of(scope),
        "method": method if method in _METHODS else "OTHER",
        "route": scope.get("path_template") or "unmatched",
    }
    actor = scope["state"].get(ACTOR_KEY)
    if isinstance(actor, Actor):
        line |= {"tenant_id": str(actor.tenant), "user_id": str(actor.user)}
    return line

"""One log line a request: what was asked of whom, and how it went. Never a query, a body, a header or an address."""

import time
from collections.abc import Awaitable
from typing import Protocol

import structlog
from dishka import AsyncContainer
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from api.layers import Layer
from api.once import Once
from domains.shared.actor import Actor

ACTOR_KEY = "actor"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"})
_NO_ANSWER = 499


class RequestWatch(Protocol):
    """Told of every request. `route` is a template, `method` one of the known ones or OTHER: both are bounded.

    `seconds` passed until the answer began: a stream may last as long as it likes.
    """

    def began(self) -> None: ...

    def ended(self, *, method: str, route: str, status: int, seconds: float) -> None: ...


class CallWatch(Protocol):
    """Told of every request with a credential that was good, when it has been answered."""

    def called(self, actor: Actor, *, status: int) -> None: ...


class AccessLog(Layer):
    """Logs `request` with fields that nobody outside can write into, and tells those who watch.

    The request id and who calls are bound to the line, as to all others of the request. Authentication leaves the
    `Actor` in `scope["state"]["actor"]`. Status 499: the caller left before an answer.
    """

    scopes = (ScopeType.HTTP,)

    def __init__(self, container: AsyncContainer, *watches: RequestWatch) -> None:
        self._calls: Once[CallWatch] = Once(container, CallWatch)
        self._watches = watches
        self._log = structlog.get_logger("access")

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        started = time.perf_counter()
        method = method_of(scope)
        for watch in self._watches:
            watch.began()
        status, answered = _NO_ANSWER, 0.0

        def send_and_see(message: Message) -> Awaitable[None]:
            nonlocal status, answered
            if message["type"] == "http.response.start":
                status, answered = message["status"], time.perf_counter()
            return send(message)

        try:
            await next_app(scope, receive, send_and_see)
        finally:
            ended = time.perf_counter()
            for watch in self._watches:
                watch.ended(method=method, route=route_of(scope), status=status, seconds=(answered or ended) - started)
            actor = scope["state"].get(ACTOR_KEY)
            if isinstance(actor, Actor):
                (await self._calls.get()).called(actor, status=status)
            duration = round((ended - started) * 1000, 1)
            self._log.info("request", method=method, route=route_of(scope), status=status, duration_ms=duration)


def method_of(scope: Scope) -> str:
    """The method, or OTHER where the caller made one up."""
    method = str(scope.get("method"))
    return method if method in _METHODS else "OTHER"


def route_of(scope: Scope) -> str:
    """The template of the address, once the router has found it: `unmatched` before, and where there is none."""
    return scope.get("path_template") or "unmatched"

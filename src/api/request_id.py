"""The request id: the caller's where it is sane, else a fresh one; in the answer, in the logs, in every problem."""

import re
from collections.abc import Awaitable
from typing import cast

import msgspec
import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from api.layers import Layer
from domains.shared.ids import new_id

HEADER = b"x-request-id"
_SANE = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_KEY = "request_id"
_OF_THE_CALLER = ("tenant_id", "user_id")


def request_id_of(scope: Scope) -> str:
    """The id of this request, given to it when it came in."""
    return cast("str", scope["state"].get(_KEY, ""))


class RequestId(Layer):
    """Gives every request its id, every answer the header `X-Request-Id`, and every line logged meanwhile the id.

    Who calls is bound to those lines as well, by authentication, and unbound here.
    """

    scopes = (ScopeType.HTTP, ScopeType.WEBSOCKET)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        chosen = _chosen(scope)
        scope["state"][_KEY] = chosen
        as_bytes = chosen.encode("ascii")

        def send_with_id(message: Message) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (HEADER, as_bytes)]
            return send(message)

        # On one connection, a request that was waiting begins inside the one before it.
        structlog.contextvars.unbind_contextvars(*_OF_THE_CALLER)
        structlog.contextvars.bind_contextvars(request_id=chosen)
        try:
            await next_app(scope, receive, send_with_id)
        finally:
            structlog.contextvars.unbind_contextvars("request_id", *_OF_THE_CALLER)


def _chosen(scope: Scope) -> str:
    given = [value for name, value in scope["headers"] if name == HEADER]
    if len(given) == 1 and _SANE.fullmatch(given[0]):
        return given[0].decode("ascii")
    fresh: str = msgspec.to_builtins(new_id())  # a quarter of the time of `str`
    return fresh

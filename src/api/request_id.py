"""The request id: the caller's where it is sane, else a fresh one; in the answer, in the logs, in every problem."""

import re
from typing import cast

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from domains.shared.ids import new_id

HEADER = b"x-request-id"
_SANE = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_KEY = "request_id"


def request_id_of(scope: Scope) -> str:
    """The id of this request, given to it when it came in."""
    return cast("str", scope["state"].get(_KEY, ""))


class RequestId(ASGIMiddleware):
    """Gives every request its id, and every answer the header `X-Request-Id`."""

    scopes = (ScopeType.HTTP, ScopeType.WEBSOCKET)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        chosen = _chosen(scope)
        scope["state"][_KEY] = chosen
        as_bytes = chosen.encode("ascii")

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (HEADER, as_bytes)]
            await send(message)

        await next_app(scope, receive, send_with_id)


def _chosen(scope: Scope) -> str:
    given = [value for name, value in scope["headers"] if name == HEADER]
    if len(given) == 1 and _SANE.fullmatch(given[0]):
        return given[0].decode("ascii")
    return str(new_id())

"""A refusal of somebody known is a security event: it stands in the audit log before it is answered."""

from collections.abc import Awaitable

import structlog
from litestar.enums import ScopeType
from litestar.status_codes import HTTP_403_FORBIDDEN
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from api.access_log import ACTOR_KEY
from api.containers import current_container
from api.instances import route_of
from api.layers import Layer
from api.request_id import request_id_of
from domains.audit import Refusals

_log = structlog.get_logger("api")


class RefusalsNoted(Layer):
    """Notes each 403 to a caller who is known. One that cannot be noted is logged, and still refused."""

    scopes = (ScopeType.HTTP,)

    def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> Awaitable[None]:
        async def note_and_send(message: Message) -> None:
            await _note(scope)
            await send(message)

        def send_noted(message: Message) -> Awaitable[None]:
            is_refusal = message["type"] == "http.response.start" and message["status"] == HTTP_403_FORBIDDEN
            return note_and_send(message) if is_refusal else send(message)

        return next_app(scope, receive, send_noted)


async def _note(scope: Scope) -> None:
    if ACTOR_KEY not in scope["state"]:
        return
    try:
        refusals = await current_container().get(Refusals)
        await refusals.note(f"{scope.get('method')} {route_of(scope)}")
    except Exception:  # noqa: BLE001 - whatever it was, the caller is refused
        _log.exception("refusal_not_noted", request_id=request_id_of(scope))

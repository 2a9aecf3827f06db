"""Who calls: a bearer token names a session, and the database says what that session may be."""

import structlog
from dishka import AsyncContainer
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from api.access_log import ACTOR_KEY
from domains.identity import AccessTokens, LiveSessions, Session
from domains.shared.actor import Actor
from domains.shared.errors import Unauthenticated

_SCHEME = b"bearer "


class Authentication(ASGIMiddleware):
    """Leaves the `Actor` in `scope["state"]["actor"]`, or refuses. Handlers with `opt={"public": True}` are let be."""

    scopes = (ScopeType.HTTP, ScopeType.WEBSOCKET)
    exclude_opt_key = "public"

    def __init__(self, container: AsyncContainer) -> None:
        self._container = container

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        tokens = await self._container.get(AccessTokens)
        sessions = await self._container.get(LiveSessions)
        session = await _session_of(scope, tokens, sessions)
        scope["state"][ACTOR_KEY] = Actor(
            tenant=session.tenant,
            user=session.user,
            account=session.account,
            session=session.id,
            role=session.role,
            plan=session.plan,
        )
        structlog.contextvars.bind_contextvars(tenant_id=str(session.tenant), user_id=str(session.user))
        await next_app(scope, receive, send)


async def visitor_of(scope: Scope, tokens: AccessTokens, sessions: LiveSessions) -> Session | None:
    """For a public route that a session may help: None without a credential; a bad one is refused."""
    given = any(name == b"authorization" for name, _ in scope["headers"])
    return await _session_of(scope, tokens, sessions) if given else None


async def _session_of(scope: Scope, tokens: AccessTokens, sessions: LiveSessions) -> Session:
    session = await sessions.find(tokens.read(_token(scope)))
    if session is None:
        raise Unauthenticated("The session has ended.")
    return session


def _token(scope: Scope) -> str:
    given = [value for name, value in scope["headers"] if name == b"authorization"]
    if len(given) != 1 or given[0][: len(_SCHEME)].lower() != _SCHEME:
        raise Unauthenticated("Send one header: Authorization: Bearer <access token>.")
    return given[0][len(_SCHEME) :].strip().decode("latin-1")

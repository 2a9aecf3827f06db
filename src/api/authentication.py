"""Who calls: a bearer token names a session, an API key itself; what either may be is never read from them."""

import structlog
from dishka import AsyncContainer
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from api.access_log import ACTOR_KEY
from api.layers import Layer
from api.once import Once
from domains.api_keys import KEY_START, digest_of
from domains.identity import AccessTokens, LiveSessions, Session
from domains.shared.errors import Unauthenticated

_SCHEME = b"bearer "


class Authentication(Layer):
    """Leaves the `Actor` in `scope["state"]["actor"]`, or refuses. Handlers with `opt={"public": True}` are let be."""

    scopes = (ScopeType.HTTP, ScopeType.WEBSOCKET)
    exclude_opt_key = "public"

    def __init__(self, container: AsyncContainer) -> None:
        self._sessions: Once[LiveSessions] = Once(container, LiveSessions)
        self._tokens: Once[AccessTokens] = Once(container, AccessTokens)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        session = await self._session(_token(scope))
        scope["state"][ACTOR_KEY] = session.actor()
        structlog.contextvars.bind_contextvars(tenant_id=str(session.tenant), user_id=str(session.user))
        await next_app(scope, receive, send)

    async def _session(self, token: str) -> Session:
        sessions = await self._sessions.get()
        if token.startswith(KEY_START):
            digest = digest_of(token)
            session = None if digest is None else await sessions.find_key(digest)
            ended = "The API key is not valid, or has ended."
        else:
            tokens = await self._tokens.get()
            session = await sessions.find(tokens.read(token))
            ended = "The session has ended."
        if session is None:
            raise Unauthenticated(ended)
        return session


async def visitor_of(scope: Scope, tokens: AccessTokens, sessions: LiveSessions) -> Session | None:
    """For a public route that a session may help: None without a credential; a bad one is refused."""
    given = any(name == b"authorization" for name, _ in scope["headers"])
    if not given:
        return None
    session = await sessions.find(tokens.read(_token(scope)))
    if session is None:
        raise Unauthenticated("The session has ended.")
    return session


def _token(scope: Scope) -> str:
    given = [value for name, value in scope["headers"] if name == b"authorization"]
    if len(given) != 1 or given[0][: len(_SCHEME)].lower() != _SCHEME:
        raise Unauthenticated("Send one header: Authorization: Bearer <access token>.")
    return given[0][len(_SCHEME) :].strip().decode("latin-1")

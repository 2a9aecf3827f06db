"""Limits at the edge: who calls too often is answered 429, and everybody is told what is left.

Every request that reaches the router counts once, also one that ends in 401 or 404: a user's for the user, an API key's
for the key, all others for their network. A handler may name a limit that counts as well:
`opt={"limit": LimitName.AUTH}`. One with `opt={"unlimited": True}` is outside, of one with
`opt={"failures_only": True}` only refusals count.
"""

import time
from collections.abc import Iterable
from math import ceil

from dishka import AsyncContainer
from litestar import Request
from litestar.enums import ScopeType
from litestar.exceptions import WebSocketException
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from api.access_log import ACTOR_KEY
from api.edge import EdgeSettings
from api.errors import refused_by_edge
from api.layers import Layer
from api.network import Networks, network_of
from api.once import Once
from domains.shared.actor import Actor
from domains.shared.errors import RateLimited
from domains.shared.limits import UNLIMITED, Allowance, LimitName, RateLimiter, Window, windows_of
from domains.shared.plans import NO_LIMITS_OF_ITS_OWN, Plan, TenantLimits

_COUNTED = "counted"
_FAILURE = 400
_TRY_LATER = 4429
_FAILURES_ONLY = frozenset({LimitName.LOGIN})


class Meter:
    """Counts requests for their caller: the user or API key that authentication found, else the network."""

    def __init__(self, container: AsyncContainer, edge: EdgeSettings) -> None:
        self._limiter: Once[RateLimiter] = Once(container, RateLimiter)
        self._usual: dict[tuple[tuple[LimitName, ...], Plan], tuple[Window, ...]] = {}
        self._limits = edge.rate_limits
        self.networks = Networks(edge.trusted_proxies)

    async def count(self, scope: Scope, *names: LimitName) -> None:
        """Count one of each name. Raise `RateLimited` where one of them is used up."""
        allowance = UNLIMITED
        if windows := self._windows(scope, names):
            limiter = await self._limiter.get()
            allowance = await limiter.take(_caller(scope), windows)
        scope["state"][_COUNTED] = allowance
        allowance.must_be_granted()

    def _windows(self, scope: Scope, names: tuple[LimitName, ...]) -> tuple[Window, ...]:
        """A tenant may have rates of its own, and its plan widens what is for every request."""
        user = _user(scope)
        own, plan = (user.limits, user.plan) if user else (NO_LIMITS_OF_ITS_OWN, Plan.FREE)
        if own is not NO_LIMITS_OF_ITS_OWN:
            return self._found(names, own, plan)
        windows = self._usual.get((names, plan))
        if windows is None:
            windows = self._usual[names, plan] = self._found(names, own, plan)
        return windows

    def _found(self, names: tuple[LimitName, ...], own: TenantLimits, plan: Plan) -> tuple[Window, ...]:
        return tuple(window for name in names for window in windows_of(name, own.rates_of(name, plan, self._limits)))

    async def take_back(self, scope: Scope, name: LimitName) -> None:
        if windows := self._windows(scope, (name,)):
            limiter = await self._limiter.get()
            await limiter.give_back(_caller(scope), windows)


class CountedRequests(Layer):
    """Counts what has found its handler and passed authentication, before the handler. Sockets count when they open."""

    scopes = (ScopeType.HTTP, ScopeType.WEBSOCKET)

    def __init__(self, meter: Meter) -> None:
        self._meter = meter

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        options = scope["route_handler"].opt
        if options.get("unlimited"):
            scope["state"][_COUNTED] = None
            await next_app(scope, receive, send)
            return
        own: LimitName | None = options.get("limit")
        await self._count(scope, own)
        if options.get("failures_only"):
            await self._pass_on(scope, receive, send, next_app, _general(scope))
        elif own in _FAILURES_ONLY:
            await self._pass_on(scope, receive, send, next_app, own)
        else:
            await next_app(scope, receive, send)

    async def _count(self, scope: Scope, own: LimitName | None) -> None:
        try:
            await self._meter.count(scope, *(name for name in (_general(scope), own) if name))
        except RateLimited as refusal:
            if scope["type"] == ScopeType.HTTP:
                raise
            raise WebSocketException(code=_TRY_LATER, detail=refusal.code) from None

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp, own: LimitName) -> None:
        """A limit on failures counts before it is known how the request ends, or many at once would pass it."""
        status = _FAILURE

        async def send_and_see(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        await next_app(scope, receive, send_and_see)
        if status < _FAILURE:
            await self._meter.take_back(scope, own)


class CountedAnswers(Layer):
    """Counts what was answered before `CountedRequests` saw it: no such address, no valid credential.

    Nothing was done for it yet, so that its answer can still become a 429. Every counted answer says what is left.
    """

    scopes = (ScopeType.HTTP, ScopeType.WEBSOCKET)

    def __init__(self, meter: Meter) -> None:
        self._meter = meter

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        self._meter.networks.find(scope)
        refusal: RateLimited | None = None

        async def send_counted(message: Message) -> None:
            nonlocal refusal
            if message["type"] == "http.response.start":
                refusal = await self._late(scope)
                message["headers"] = _with_allowance(scope, message["headers"])
            if refusal is None:
                await send(message)

        await next_app(scope, receive, send_counted)
        if refusal is not None:
            response = refused_by_edge(scope, refusal)
            await response.to_asgi_response(app=None, request=Request(scope))(scope, receive, send)

    async def _late(self, scope: Scope) -> RateLimited | None:
        try:
            if _COUNTED not in scope["state"]:
                await self._meter.count(scope, LimitName.ANONYMOUS)
        except RateLimited as refusal:
            return refusal
        return None


def _user(scope: Scope) -> Actor | None:
    actor = scope["state"].get(ACTOR_KEY)
    return actor if isinstance(actor, Actor) else None


def _general(scope: Scope) -> LimitName:
    return LimitName.CALLER if _user(scope) else LimitName.ANONYMOUS


def _caller(scope: Scope) -> str:
    actor = _user(scope)
    if actor is None:
        return f"network:{network_of(scope)}"
    return f"key:{actor.session}" if actor.is_key else f"user:{actor.user}"


def _with_allowance(scope: Scope, headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """A refusal brings its own, which are those of the limit that it ran into."""
    given = list(headers)
    allowance: Allowance | None = scope["state"].get(_COUNTED)
    if not allowance or not allowance.most or any(name == b"x-ratelimit-limit" for name, _ in given):
        return given
    return [
        *given,
        (b"x-ratelimit-limit", b"%d" % allowance.most),
        (b"x-ratelimit-remaining", b"%d" % allowance.remaining),
        (b"x-ratelimit-reset", b"%d" % ceil(time.time() + allowance.resets_in)),
    ]

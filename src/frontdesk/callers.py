"""For whom a request or an envelope is worked on, and how the container learns of it."""

from uuid import UUID

import msgspec
from dishka import Provider, Scope, from_context, provide
from litestar import Request

from api.access_log import ACTOR_KEY
from api.callers import agent_of, ip_of
from api.idempotency import repeatable_request_of
from api.network import network_of
from api.request_id import request_id_of
from domains.shared.actor import Actor
from domains.shared.clock import Clock
from domains.shared.errors import Unauthenticated
from domains.shared.idempotency import RepeatableRequest
from infra.postgres.access_feed import AccessFeed
from infra.postgres.access_watch import AccessWatch, NothingRemembered
from infra.postgres.attempts import Place
from infra.postgres.batches import PostgresBatch
from infra.postgres.clock import BusinessClock
from infra.postgres.recording import Origin


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """For whom a request or an envelope is worked on."""

    tenant: UUID | None
    origin: Origin
    envelope: UUID | None = None
    repeatable_request: RepeatableRequest | None = None
    joins: PostgresBatch | None = None


class OverHttp(Provider):
    """Callers who come by HTTP: the actor that authentication found, or nobody."""

    scope = Scope.REQUEST

    @provide
    def clock(self, business: BusinessClock) -> Clock:
        return business

    @provide
    def caller(self, request: Request) -> Caller:  # type: ignore[type-arg]  # dishka knows it by its bare type
        actor = request.scope["state"].get(ACTOR_KEY)
        correlation, ip, agent = request_id_of(request.scope), ip_of(request.scope), agent_of(request.scope)
        if isinstance(actor, Actor):
            return Caller(
                tenant=actor.tenant,
                origin=Origin(correlation, actor.user, ip, agent, key=actor.session if actor.is_key else None),
                repeatable_request=repeatable_request_of(request.scope),
            )
        return Caller(
            tenant=None,
            origin=Origin(correlation, ip=ip, agent=agent),
            repeatable_request=repeatable_request_of(request.scope),
        )

    @provide
    def access(self, feed: AccessFeed) -> AccessWatch:
        return feed

    @provide
    def place(self, request: Request) -> Place:  # type: ignore[type-arg]  # as above
        return Place(network_of(request.scope))

    @provide
    def actor(self, request: Request) -> Actor:  # type: ignore[type-arg]  # as above
        actor = request.scope["state"].get(ACTOR_KEY)
        if not isinstance(actor, Actor):
            raise Unauthenticated("A credential is needed.")
        return actor


class ByEnvelope(Provider):
    """Work that follows a commit: the tenant is the envelope's."""

    scope = Scope.REQUEST
    caller = from_context(Caller, scope=Scope.REQUEST)
    clock = from_context(Clock, scope=Scope.REQUEST)
    actor = from_context(Actor, scope=Scope.REQUEST)

    @provide
    def access(self) -> AccessWatch:
        return NothingRemembered()

    @provide
    def place(self) -> Place:
        return Place("here")

"""For whom a request or an envelope is worked on, and how the container learns of it."""

from uuid import UUID

import msgspec
from dishka import Provider, Scope, from_context, provide
from litestar.types import HTTPScope

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
    http = from_context(HTTPScope, scope=Scope.REQUEST)

    @provide
    def clock(self, business: BusinessClock) -> Clock:
        return business

    @provide
    def caller(self, http: HTTPScope) -> Caller:
        actor = http["state"].get(ACTOR_KEY)
        correlation, ip, agent = request_id_of(http), ip_of(http), agent_of(http)
        if isinstance(actor, Actor):
            return Caller(
                tenant=actor.tenant,
                origin=Origin(correlation, actor.user, ip, agent, key=actor.session if actor.is_key else None),
                repeatable_request=repeatable_request_of(http),
            )
        return Caller(
            tenant=None,
            origin=Origin(correlation, ip=ip, agent=agent),
            repeatable_request=repeatable_request_of(http),
        )

    @provide(scope=Scope.APP)
    def access(self, feed: AccessFeed) -> AccessWatch:
        return feed

    @provide
    def place(self, http: HTTPScope) -> Place:
        return Place(network_of(http))

    @provide
    def actor(self, http: HTTPScope) -> Actor:
        actor = http["state"].get(ACTOR_KEY)
        if not isinstance(actor, Actor):
            raise Unauthenticated("A credential is needed.")
        return actor


class ByEnvelope(Provider):
    """Work that follows a commit: the tenant is the envelope's."""

    scope = Scope.REQUEST
    caller = from_context(Caller, scope=Scope.REQUEST)
    clock = from_context(Clock, scope=Scope.REQUEST)
    actor = from_context(Actor, scope=Scope.REQUEST)

    @provide(scope=Scope.APP)
    def access(self) -> AccessWatch:
        return NothingRemembered()

    @provide
    def place(self) -> Place:
        return Place("here")

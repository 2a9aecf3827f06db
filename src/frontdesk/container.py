"""The wiring: which adapter stands behind which port, and how long each lives."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import msgspec
from dishka import AnyOf, AsyncContainer, Provider, Scope, from_context, make_async_container, provide
from dishka.integrations.litestar import LitestarProvider
from litestar import Request

from api.access_log import ACTOR_KEY
from api.health import Vitals
from api.idempotency import repeatable_request_of
from api.paging import Cursors
from api.request_id import request_id_of
from api.sandbox import Mailbox
from domains.customers import CustomerQueries, Customers, RecordKeeping
from domains.identity import (
    AccessTokens,
    Accounts,
    Codes,
    Confirming,
    Forgetting,
    Letters,
    LiveSessions,
    Members,
    PasswordHasher,
    Registering,
    Registrations,
    Sessions,
    SigningIn,
    TicketOffice,
    VerificationLetters,
    WhoAmI,
)
from domains.shared.actor import Actor
from domains.shared.clock import Clock, MovableClock, TenantZone
from domains.shared.errors import Unauthenticated
from domains.shared.idempotency import RepeatableRequest
from domains.shared.work import UnitOfWork
from frontdesk.keys import key_for
from frontdesk.live_parts import LiveParts
from frontdesk.subscriptions import SUBSCRIPTIONS
from infra.mail.smtp import SmtpLetters
from infra.passwords import Argon2Passwords
from infra.postgres.clock import BusinessClock
from infra.postgres.customers import PostgresCustomerQueries, PostgresCustomers
from infra.postgres.database import Database
from infra.postgres.events import PostgresEvents
from infra.postgres.health import PostgresHealth
from infra.postgres.identity import PostgresAccounts, PostgresRegistrations
from infra.postgres.members import PostgresMembers, PostgresTenantZone
from infra.postgres.recording import Origin
from infra.postgres.sessions import PostgresSessions
from infra.postgres.streaming import Streaming
from infra.postgres.work import PostgresWork
from infra.sandbox.mailbox import SandboxMailbox
from infra.tokens import JwtAccessTokens

TEMPLATES = (Path(__file__).parents[1] / "domains" / "identity" / "letters",)


class Ingredients(msgspec.Struct, frozen=True, kw_only=True):
    """What the parts are made of: addresses, secrets and sizes. `token_lifetime` in seconds."""

    version: str
    database_url: str
    pool_size: int
    secret: str
    token_lifetime: int
    smtp_url: str
    mail_from: str
    sandbox_mail: Path


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """For whom a request or an envelope is worked on."""

    tenant: UUID | None
    origin: Origin
    repeatable_request: RepeatableRequest | None = None


class Parts(Provider):
    """Made once a process."""

    scope = Scope.APP
    ingredients = from_context(Ingredients, scope=Scope.APP)

    hasher = provide(Argon2Passwords, provides=PasswordHasher)
    sessions = provide(PostgresSessions, provides=LiveSessions)

    @provide
    async def database(self, of: Ingredients) -> AsyncIterator[Database]:
        database = Database(of.database_url, size=of.pool_size)
        yield database
        await database.close()

    @provide(provides=AnyOf[BusinessClock, MovableClock])
    async def business_clock(self, database: Database) -> AsyncIterator[BusinessClock]:
        clock = BusinessClock(database)
        await clock.read()
        following = asyncio.create_task(clock.follow())
        yield clock
        following.cancel()

    @provide
    def tokens(self, of: Ingredients) -> AccessTokens:
        return JwtAccessTokens(of.secret, lifetime=of.token_lifetime)

    @provide
    def codes(self, of: Ingredients) -> Codes:
        return Codes(key_for("codes", of.secret))

    @provide
    def cursors(self, of: Ingredients) -> Cursors:
        return Cursors(key_for("cursors", of.secret))

    @provide
    def letters(self, of: Ingredients) -> Letters:
        return SmtpLetters(of.smtp_url, sender=of.mail_from, templates=TEMPLATES)

    @provide
    def mailbox(self, of: Ingredients) -> Mailbox:
        return SandboxMailbox(of.sandbox_mail)

    @provide
    def vitals(self, of: Ingredients, database: Database) -> Vitals:
        return Vitals(PostgresHealth(database), version=of.version)


class Work(Provider):
    """Made once a request, or once an envelope: one unit of work, and all that shares it."""

    scope = Scope.REQUEST

    @provide
    def work(self, database: Database, caller: Caller, clock: Clock, streaming: Streaming) -> PostgresWork:
        work = PostgresWork(
            database, caller.tenant, caller.origin, SUBSCRIPTIONS, clock, request=caller.repeatable_request
        )
        return work.telling(streaming)

    @provide
    def unit_of_work(self, work: PostgresWork) -> UnitOfWork:
        return work

    registrations = provide(PostgresRegistrations, provides=Registrations)
    accounts = provide(PostgresAccounts, provides=Accounts)
    members = provide(PostgresMembers, provides=Members)
    zone = provide(PostgresTenantZone, provides=TenantZone)
    customers = provide(PostgresCustomers, provides=Customers)
    customer_queries = provide(PostgresCustomerQueries, provides=CustomerQueries)
    events = provide(PostgresEvents)

    registering = provide(Registering)
    confirming = provide(Confirming)
    forgetting = provide(Forgetting)
    verification_letters = provide(VerificationLetters)
    opening = provide(Sessions)
    signing_in = provide(SigningIn)
    who_am_i = provide(WhoAmI)
    ticket_office = provide(TicketOffice)
    record_keeping = provide(RecordKeeping)


class OverHttp(Provider):
    """Callers who come by HTTP: the actor that authentication found, or nobody."""

    scope = Scope.REQUEST

    @provide
    def clock(self, business: BusinessClock) -> Clock:
        return business

    @provide
    def caller(self, request: Request) -> Caller:  # type: ignore[type-arg]  # dishka knows it by its bare type
        actor = request.scope["state"].get(ACTOR_KEY)
        correlation = request_id_of(request.scope)
        if isinstance(actor, Actor):
            return Caller(
                tenant=actor.tenant,
                origin=Origin(correlation, actor.user),
                repeatable_request=repeatable_request_of(request.scope),
            )
        return Caller(tenant=None, origin=Origin(correlation))

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


def http_container(ingredients: Ingredients) -> AsyncContainer:
    """The parts of an API process."""
    live = LiveParts(ingredients.database_url)
    return make_async_container(
        Parts(), live, Work(), OverHttp(), LitestarProvider(), context={Ingredients: ingredients}
    )


def worker_container(ingredients: Ingredients) -> AsyncContainer:
    """The parts of a worker; enter it with a `Caller` for each envelope."""
    live = LiveParts(ingredients.database_url)
    return make_async_container(Parts(), live, Work(), ByEnvelope(), context={Ingredients: ingredients})

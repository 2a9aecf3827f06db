"""The wiring: which adapter stands behind which port, and how long each lives."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
from dishka import AnyOf, AsyncContainer, Provider, Scope, from_context, make_async_container, provide
from dishka.integrations.litestar import LitestarProvider

from api.health import Vitals
from api.operations import Alerts, ProcessFigures
from api.paging import Cursors
from api.sandbox import Mailbox
from domains.audit import AuditErasure, AuditQueries, Refusals
from domains.customers import CustomerQueries, Customers, RecordKeeping
from domains.identity import (
    AccessTokens,
    Accounts,
    Attempts,
    CodeCheck,
    Codes,
    Confirming,
    Forgetting,
    Letters,
    LiveSessions,
    Members,
    PasswordCheck,
    PasswordHasher,
    Registering,
    Registrations,
    Sessions,
    SigningIn,
    TicketOffice,
    VerificationLetters,
    WhoAmI,
)
from domains.shared.clock import Clock, MovableClock, TenantZone
from domains.shared.limits import RateLimiter, RateLimits
from domains.shared.work import UnitOfWork
from frontdesk.callers import ByEnvelope, Caller, OverHttp
from frontdesk.keys import key_for
from frontdesk.live_parts import LiveParts
from frontdesk.subscriptions import SUBSCRIPTIONS
from frontdesk.telemetry import Telemetry
from infra.limits.cautious import CautiousLimits
from infra.limits.memory import MemoryLimits
from infra.limits.redis import RedisLimits
from infra.mail.smtp import SmtpLetters
from infra.mail.watched import WatchedLetters
from infra.metrics.figures import ProcessFigureQueries
from infra.metrics.instruments import Instruments
from infra.passwords import Argon2Passwords
from infra.postgres.alerts import PostgresAlertQueries
from infra.postgres.attempts import AttemptKeys, PostgresAttempts
from infra.postgres.audit_log import PostgresAuditErasure, PostgresAuditQueries
from infra.postgres.clock import BusinessClock
from infra.postgres.customers import PostgresCustomerQueries, PostgresCustomers
from infra.postgres.database import Database
from infra.postgres.events import PostgresEvents
from infra.postgres.health import PostgresHealth
from infra.postgres.identity import PostgresAccounts, PostgresRegistrations
from infra.postgres.members import PostgresMembers, PostgresTenantZone
from infra.postgres.sessions import PostgresSessions
from infra.postgres.streaming import Streaming
from infra.postgres.work import PostgresWork
from infra.sandbox.mailbox import SandboxMailbox
from infra.tokens import JwtAccessTokens

_SOURCE = Path(__file__).parents[1]
TEMPLATES = (_SOURCE / "domains" / "identity" / "letters", _SOURCE / "infra" / "alerts" / "letters")


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
    rate_limits: RateLimits = RateLimits.off()
    redis_url: str | None = None


class Parts(Provider):
    """Made once a process."""

    scope = Scope.APP
    ingredients = from_context(Ingredients, scope=Scope.APP)
    telemetry = from_context(Telemetry, scope=Scope.APP)

    sessions = provide(PostgresSessions, provides=LiveSessions)

    @provide
    def instruments(self, telemetry: Telemetry) -> Instruments:
        return telemetry.instruments

    @provide
    def hasher(self, instruments: Instruments) -> PasswordHasher:
        passwords = Argon2Passwords()
        instruments.show_hash_queue(lambda: passwords.waiting)
        return passwords

    @provide
    async def database(self, of: Ingredients, telemetry: Telemetry) -> AsyncIterator[Database]:
        database = Database(of.database_url, size=of.pool_size, watches=telemetry.database_watches)
        telemetry.instruments.database.show(database)
        yield database
        await database.close()

    @provide(provides=AnyOf[BusinessClock, MovableClock])
    async def business_clock(self, database: Database) -> AsyncIterator[BusinessClock]:
        clock = BusinessClock(database)
        await clock.read()
        following = asyncio.create_task(clock.follow())
        yield clock
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)

    @provide
    async def limiter(self, of: Ingredients) -> AsyncIterator[RateLimiter]:
        if of.redis_url is None:
            yield MemoryLimits()
        else:
            shared = RedisLimits(of.redis_url)
            yield CautiousLimits(shared, MemoryLimits())
            await shared.close()

    @provide
    def rate_limits(self, of: Ingredients) -> RateLimits:
        return of.rate_limits

    @provide
    def attempt_keys(self, of: Ingredients) -> AttemptKeys:
        return AttemptKeys(key_for("attempts", of.secret))

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
    def letters(self, of: Ingredients, instruments: Instruments) -> Letters:
        letters = SmtpLetters(of.smtp_url, sender=of.mail_from, templates=TEMPLATES)
        return WatchedLetters(letters, instruments.providers)

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
    audit_queries = provide(PostgresAuditQueries, provides=AuditQueries)
    audit_erasure = provide(PostgresAuditErasure, provides=AuditErasure)
    alerts = provide(PostgresAlertQueries, provides=Alerts)
    figures = provide(ProcessFigureQueries, provides=ProcessFigures)

    attempts = provide(PostgresAttempts, provides=Attempts)
    password_check = provide(PasswordCheck)
    code_check = provide(CodeCheck)
    refusals = provide(Refusals)
    registering = provide(Registering)
    confirming = provide(Confirming)
    forgetting = provide(Forgetting)
    verification_letters = provide(VerificationLetters)
    opening = provide(Sessions)
    signing_in = provide(SigningIn)
    who_am_i = provide(WhoAmI)
    ticket_office = provide(TicketOffice)
    record_keeping = provide(RecordKeeping)


def http_container(ingredients: Ingredients, telemetry: Telemetry | None = None) -> AsyncContainer:
    """The parts of an API process."""
    context = _context(ingredients, telemetry, role="api")
    live = LiveParts(ingredients.database_url)
    return make_async_container(Parts(), live, Work(), OverHttp(), LitestarProvider(), context=context)


def worker_container(ingredients: Ingredients, telemetry: Telemetry | None = None) -> AsyncContainer:
    """The parts of a worker; enter it with a `Caller` for each envelope."""
    context = _context(ingredients, telemetry, role="worker")
    live = LiveParts(ingredients.database_url)
    return make_async_container(Parts(), live, Work(), ByEnvelope(), context=context)


def _context(ingredients: Ingredients, telemetry: Telemetry | None, *, role: str) -> dict[Any, Any]:
    unseen = Telemetry(Instruments(role=role, version=ingredients.version))
    return {Ingredients: ingredients, Telemetry: telemetry or unseen}

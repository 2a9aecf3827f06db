"""What is made once a process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import nullcontext
from functools import partial

from dishka import AnyOf, Provider, Scope, from_context, provide

from api.health import Vitals
from api.paging import Cursors
from api.sandbox import Mailbox, PaymentSandbox
from domains.identity import AccessTokens, Authenticator, Codes, MailedLink, PasswordHasher, RefreshTokens
from domains.shared.clock import MovableClock, WallClock
from domains.shared.limits import RateLimiter, RateLimits
from domains.shared.vault import Vault
from domains.tenants import Probe
from frontdesk.ingredients import Ingredients
from frontdesk.keys import key_for
from frontdesk.on_demand import redis_limits, stripe_cards, stripe_control
from frontdesk.telemetry import Telemetry
from infra.files.room import FilesHealth
from infra.limits.cautious import CautiousLimits
from infra.limits.memory import MemoryLimits
from infra.mail.probe import Probes
from infra.metrics.instruments import Instruments
from infra.passwords import Argon2Passwords
from infra.postgres.attempts import AttemptKeys
from infra.postgres.clock import BusinessClock
from infra.postgres.database import Database
from infra.postgres.health import PostgresHealth
from infra.sandbox.mailbox import SandboxMailbox
from infra.stripe.probe import StripeProbe
from infra.tokens import JwtAccessTokens
from infra.totp import SharedSecrets, TotpAuthenticator
from infra.vault import AesVault


class ProcessParts(Provider):
    """Made once a process."""

    scope = Scope.APP
    ingredients = from_context(Ingredients, scope=Scope.APP)
    telemetry = from_context(Telemetry, scope=Scope.APP)

    @provide
    def instruments(self, telemetry: Telemetry) -> Instruments:
        return telemetry.instruments

    @provide
    def hasher(self, of: Ingredients, instruments: Instruments) -> PasswordHasher:
        passwords = Argon2Passwords(of.hashing_cost)
        instruments.show_hash_queue(lambda: passwords.waiting)
        return passwords

    @provide
    async def database(self, of: Ingredients, telemetry: Telemetry) -> AsyncIterator[Database]:
        database = Database(
            of.database_url, size=of.pool_size, patience=of.pool_patience, watches=telemetry.database_watches
        )
        telemetry.instruments.database.show(database)
        yield database
        await database.close()

    @provide(provides=AnyOf[BusinessClock, MovableClock, WallClock])
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
            shared = redis_limits(of.redis_url)
            yield CautiousLimits(shared, MemoryLimits())
            await shared.close()

    @provide
    def rate_limits(self, of: Ingredients) -> RateLimits:
        return of.rate_limits

    @provide
    def attempt_keys(self, of: Ingredients) -> AttemptKeys:
        return AttemptKeys(key_for("attempts", of.secret))

    @provide
    def tokens(self, of: Ingredients, clock: WallClock) -> AccessTokens:
        return JwtAccessTokens(of.secret, lifetime=of.token_lifetime, wall=clock.wall, previous=of.previous_secrets)

    @provide
    def refresh_tokens(self, of: Ingredients) -> RefreshTokens:
        return RefreshTokens(key_for("refresh", of.secret), of.session_terms)

    @provide
    def codes(self, of: Ingredients) -> Codes:
        return Codes(key_for("codes", of.secret))

    @provide
    def vault(self, of: Ingredients) -> Vault:
        return AesVault(of.data_keys)

    @provide
    def probe(self, of: Ingredients) -> Probe:
        cards = partial(stripe_cards, address=of.stripe.address, watch=nullcontext)
        return Probes(inner_allowed=of.inner_allowed, stripe=StripeProbe(cards))

    @provide
    def cursors(self, of: Ingredients) -> Cursors:
        return Cursors(key_for("cursors", of.secret))

    @provide
    def shared_secrets(self, of: Ingredients, vault: Vault) -> SharedSecrets:
        return SharedSecrets(vault, [key_for("totp", secret) for secret in (of.secret, *of.previous_secrets)])

    @provide
    def authenticator(self, secrets: SharedSecrets, clock: WallClock) -> Authenticator:
        return TotpAuthenticator(secrets, clock.wall)

    @provide
    def link(self, of: Ingredients) -> MailedLink:
        return MailedLink(of.web_url)

    @provide
    def mailbox(self, of: Ingredients) -> Mailbox:
        return SandboxMailbox(of.sandbox_mail)

    @provide
    def payment_sandbox(self, of: Ingredients) -> PaymentSandbox:
        return stripe_control(of.stripe.address)

    @provide
    def vitals(self, of: Ingredients, database: Database) -> Vitals:
        return Vitals(PostgresHealth(database), FilesHealth(of.files), version=of.version)

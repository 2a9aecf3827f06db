"""A business's connections to vendors: kept, shown without their secrets, and tried out."""

import copy
from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import msgspec

from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.permissions import Permission
from domains.shared.versions import Versioned, must_be_current
from domains.shared.work import UnitOfWork
from domains.tenants.events import IntegrationChanged
from domains.tenants.providers import Connect, Provider, SettingValue


class CheckStatus(StrEnum):
    """What a trial came to. `unverified`: it looks right, and nobody was asked."""

    FAILED = "failed"
    NOT_CONFIGURED = "not_configured"
    UNVERIFIED = "unverified"
    WORKING = "working"


class Check(msgspec.Struct, frozen=True):
    """`detail` is a stable word: what failed, or why nobody was asked."""

    status: CheckStatus
    detail: str


class TenantIntegration(Versioned, kw_only=True):
    """One connection. `secrets` are in the clear here, and locked wherever they rest."""

    provider: Provider
    enabled: bool
    settings: dict[str, SettingValue]
    secrets: dict[str, str]
    check_status: CheckStatus | None = None
    check_detail: str | None = None
    checked_at: datetime | None = None

    @classmethod
    def new(cls, provider: Provider, *, now: datetime) -> "TenantIntegration":
        """One that nobody has connected yet. Its version is 0."""
        return cls(provider=provider, enabled=False, settings={}, secrets={}, version=0, created_at=now, updated_at=now)

    def connect(self, order: Connect, *, now: datetime) -> bool:
        """Carry out `order`, and say whether anything is different now. What was found out before counts no more."""
        wanted = (order.enabled, order.public(), order.secret(self.secrets, settings=self.settings))
        if self.version and wanted == (self.enabled, self.settings, self.secrets):
            return False
        self.enabled, self.settings, self.secrets = wanted
        self.check_status = self.check_detail = self.checked_at = None
        self.touch(now)
        return True


class Integrations(Protocol):
    """The connections of the tenant to which the work is bound."""

    async def find(self, provider: Provider) -> TenantIntegration | None:
        """The connection, its secrets opened. Raises `Unreadable`."""
        ...

    async def for_change(self, provider: Provider) -> TenantIntegration | None:
        """The same, locked until the work ends; of one that is not there, nobody else can make it meanwhile."""
        ...

    async def save(self, integration: TenantIntegration) -> None: ...

    async def note_check(self, integration: TenantIntegration) -> None:
        """Store what a trial came to, unless the connection was changed meanwhile."""
        ...

    async def remove(self, provider: Provider) -> None: ...


class Probe(Protocol):
    """Tries a connection out. It never raises, and gives up after some seconds."""

    async def check(self, integration: TenantIntegration) -> Check: ...


class Connecting:
    """Connects a business to its vendors. Secrets go in, and never come out again."""

    def __init__(self, actor: Actor, integrations: Integrations, probe: Probe, clock: Clock, work: UnitOfWork) -> None:
        self.actor = actor
        self.integrations = integrations
        self.probe = probe
        self.clock = clock
        self.work = work

    async def connect(self, order: Connect, *, expected: Collection[int] | None) -> TenantIntegration:
        """Connect, or change a connection.

        - The body replaces the settings. A secret that is absent stays; `null` removes it.
        - Where a setting says to whom a secret is shown, such as a mail server, it is given again with another one.
        - Secrets are kept encrypted, and shown by their last four characters only.
        - A version named by `If-Match` that is not the present one is `version_conflict`.
        """
        self.actor.must(Permission.INTEGRATIONS_WRITE)
        async with self.work:
            now = self.clock.now()
            present = await self.integrations.for_change(order.provider)
            integration = present or TenantIntegration.new(order.provider, now=now)
            must_be_current(integration.version, expected)
            before = copy.copy(present)
            if integration.connect(order, now=now):
                await self.integrations.save(integration)
                self.work.record(IntegrationChanged(subject=self.actor.tenant, provider=order.provider.value))
                facts = {"provider": order.provider.value}
                note = Note(action="integration.updated", before=before, after=copy.copy(integration), facts=facts)
                self.work.note(note)
        return integration

    async def check(self, provider: Provider) -> TenantIntegration:
        """Try a connection out, and keep what came of it.

        - `working` or `failed`: the vendor was asked. `unverified`: only the shape is known to be right.
        - Nothing is sent to anybody, and nothing is changed at the vendor.
        """
        self.actor.must(Permission.INTEGRATIONS_WRITE)
        async with self.work:
            integration = await self.integrations.find(provider)
        if integration is None:
            blank = TenantIntegration.new(provider, now=self.clock.now())
            blank.check_status, blank.check_detail = CheckStatus.NOT_CONFIGURED, "nothing_to_try"
            return blank
        found = await self.probe.check(integration)
        integration.check_status, integration.check_detail = found.status, found.detail
        integration.checked_at = self.clock.now()
        async with self.work:
            await self.integrations.note_check(integration)
            facts = {"provider": provider.value, "status": found.status.value}
            self.work.note(Note(action="integration.checked", facts=facts))
        return integration

    async def disconnect(self, provider: Provider, *, expected: Collection[int] | None) -> None:
        """Remove a connection and its secrets."""
        self.actor.must(Permission.INTEGRATIONS_WRITE)
        async with self.work:
            present = await self.integrations.for_change(provider)
            if present is None:
                must_be_current(0, expected)
                return
            must_be_current(present.version, expected)
            await self.integrations.remove(provider)
            self.work.record(IntegrationChanged(subject=self.actor.tenant, provider=provider.value))
            self.work.note(Note(action="integration.removed", before=present, facts={"provider": provider.value}))


class Showing:
    """Shows connections without their secrets."""

    def __init__(self, actor: Actor, integrations: Integrations, clock: Clock, work: UnitOfWork) -> None:
        self.actor = actor
        self.integrations = integrations
        self.clock = clock
        self.work = work

    async def one(self, provider: Provider) -> TenantIntegration:
        """Show a connection. One that nobody has connected has version 0."""
        self.actor.must(Permission.INTEGRATIONS_READ)
        async with self.work:
            found = await self.integrations.find(provider)
        return found or TenantIntegration.new(provider, now=self.clock.now())

    async def every(self) -> list[TenantIntegration]:
        """Show all connections, also those that nobody has connected yet."""
        self.actor.must(Permission.INTEGRATIONS_READ)
        async with self.work:
            found = [await self.integrations.find(provider) for provider in Provider]
        blanks = (TenantIntegration.new(provider, now=self.clock.now()) for provider in Provider)
        return [one or blank for one, blank in zip(found, blanks, strict=True)]

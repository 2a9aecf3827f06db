"""Whose accounts there are at Stripe."""

from uuid import UUID

import msgspec

from domains.payments import ProviderAccount
from domains.shared.errors import FeatureDisabled
from domains.tenants import Integrations, Provider, TenantIntegration
from infra.postgres.work import PostgresWork
from infra.stripe.amounts import is_taken


class PlatformKeys(msgspec.Struct, frozen=True, kw_only=True):
    """The platform's own account, and where Stripe stands. `webhook_secrets`: the newest first."""

    secret_key: str | None = None
    publishable_key: str | None = None
    webhook_secrets: tuple[str, ...] = ()
    address: str | None = None


class StripeAccounts:
    """The `ProviderAccounts` of the tenant to which the work is bound."""

    def __init__(self, integrations: Integrations, keys: PlatformKeys, work: PostgresWork) -> None:
        self._integrations = integrations
        self._keys = keys
        self._work = work

    async def present(self) -> ProviderAccount:
        return _there(await self.own() or self.platform())

    async def one(self, *, own: bool) -> ProviderAccount:
        return _there(await self.own() if own else self.platform())

    async def own(self) -> ProviderAccount | None:
        found = await self._integrations.find(Provider.STRIPE)
        return account_of(found) if found is not None and found.enabled else None

    def platform(self) -> ProviderAccount | None:
        keys = self._keys
        if keys.secret_key is None or keys.publishable_key is None:
            return None
        return ProviderAccount(
            is_own=False,
            secret_key=keys.secret_key,
            publishable_key=keys.publishable_key,
            signing_secrets=keys.webhook_secrets,
        )

    async def is_of_ours(self) -> bool:
        return bool(await self._work.connection.fetchval("select exists (select from tenants)"))

    def takes(self, currency: str) -> bool:
        return is_taken(currency)

    def tenant(self) -> UUID:
        return self._work.tenant


def _there(account: ProviderAccount | None) -> ProviderAccount:
    if account is None:
        raise FeatureDisabled("No account for card payments is connected.")
    return account


def account_of(found: TenantIntegration) -> ProviderAccount:
    """The account that a business has connected."""
    signing = found.secrets.get("webhookSecret")
    return ProviderAccount(
        is_own=True,
        secret_key=found.secrets["secretKey"],
        publishable_key=str(found.settings["publishableKey"]),
        signing_secrets=(signing,) if signing else (),
    )

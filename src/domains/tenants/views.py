"""How a tenant is shown."""

from typing import Annotated, Self
from uuid import UUID

from msgspec import Meta

from domains.shared.actor import Actor
from domains.shared.clock import Timestamp, timestamp
from domains.shared.fields import CurrencyCode, EmailText, LanguageTag, PhoneText, TimezoneName
from domains.shared.postal import PostalAddress
from domains.shared.wire import View, shown
from domains.tenants.documents import Invoicing, Numbering, TaxRates
from domains.tenants.flags import Feature, Flag, FlagState, TenantFeatures, Variant, VariantName
from domains.tenants.integrations import CheckStatus, TenantIntegration
from domains.tenants.model import (
    BusinessName,
    EmailDomains,
    RegistrationPolicy,
    SlugText,
    Tenant,
)
from domains.tenants.opening_hours import OpeningHours
from domains.tenants.papers import DocumentSettings, Logo
from domains.tenants.providers import Provider, SettingName, SettingValue

_LONG = 12
_STRIPE = "https://api.example.com/api/v1/webhooks/stripe/0192f0c1-2b3c-7d4e-8f50-617283940a1b"
WebhookUrl = Annotated[str, Meta(max_length=500, examples=[_STRIPE])]


class SecretView(View, frozen=True):
    """A secret that is kept. Of a long one the last four characters are shown, of a short one nothing."""

    name: SettingName
    last_four: Annotated[str, Meta(max_length=4, examples=["5678"])] | None


class IntegrationView(View, frozen=True):
    """A connection. `version` is 0 where there is none yet. `detail` is a stable word about the last trial.

    `webhookUrl` is where the vendor's webhooks go to, null for those that send none.
    """

    provider: Provider
    enabled: bool
    settings: dict[SettingName, SettingValue]
    secrets: Annotated[list[SecretView], Meta(max_length=10)]
    status: CheckStatus
    detail: Annotated[str, Meta(max_length=64, examples=["refused_login"])] | None
    checked_at: Timestamp | None
    webhook_url: WebhookUrl | None
    version: int
    updated_at: Timestamp | None

    @classmethod
    def of(cls, integration: TenantIntegration, *, webhook_url: str | None) -> Self:
        is_there = integration.version > 0
        usual = CheckStatus.UNVERIFIED if is_there else CheckStatus.NOT_CONFIGURED
        return cls(
            provider=integration.provider,
            enabled=integration.enabled,
            settings=integration.settings,
            secrets=[_shown(name, secret) for name, secret in sorted(integration.secrets.items())],
            status=integration.check_status or usual,
            detail=integration.check_detail,
            checked_at=timestamp(integration.checked_at) if integration.checked_at else None,
            webhook_url=webhook_url,
            version=integration.version,
            updated_at=timestamp(integration.updated_at) if is_there else None,
        )


class Connections(View, frozen=True):
    """All connections that there can be."""

    items: Annotated[list[IntegrationView], Meta(max_length=20)]


class FlagView(View, frozen=True):
    """How a feature is switched. `variant` is what the caller has: null for nothing, `on` where there are none."""

    feature: Feature
    state: FlagState
    percentage: Annotated[int, Meta(ge=0, le=100)]
    variants: Annotated[tuple[Variant, ...], Meta(max_length=10)]
    variant: VariantName | None


class FeaturesView(View, frozen=True):
    """All features, as they are switched for the business and for the caller."""

    flags: Annotated[list[FlagView], Meta(max_length=100)]
    version: int
    updated_at: Timestamp

    @classmethod
    def of(cls, features: TenantFeatures, asker: Actor) -> Self:
        flags = [_flag(features.flag(feature), asker) for feature in Feature]
        return cls(flags=flags, version=features.version, updated_at=timestamp(features.updated_at))


class TenantProfile(View, frozen=True):
    """The business: how it shows itself, how it works, and who may join. `deletesAt` is set while it is closing."""

    id: UUID
    slug: SlugText
    name: BusinessName
    address: PostalAddress
    phone: PhoneText | None
    email: EmailText | None
    timezone: TimezoneName
    currency: CurrencyCode
    locale: LanguageTag
    opening_hours: OpeningHours
    tax_rates: TaxRates
    numbering: Numbering
    documents: DocumentSettings
    logo: Logo | None
    invoicing: Invoicing
    registration: RegistrationPolicy
    email_domains: EmailDomains
    deletes_at: Timestamp | None
    version: int
    created_at: Timestamp
    updated_at: Timestamp

    @classmethod
    def of(cls, tenant: Tenant) -> Self:
        return shown(cls, tenant)


def _shown(name: str, secret: str) -> SecretView:
    return SecretView(name=name, last_four=secret[-4:] if len(secret) >= _LONG else None)


def _flag(flag: Flag, asker: Actor) -> FlagView:
    return FlagView(
        feature=flag.feature,
        state=flag.state,
        percentage=flag.percentage,
        variants=flag.variants,
        variant=flag.variant_for(asker.tenant, asker.user),
    )

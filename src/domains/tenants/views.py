"""How a tenant is shown."""

from typing import Self
from uuid import UUID

from domains.shared.clock import Timestamp, timestamp
from domains.shared.fields import CurrencyCode, EmailText, LanguageTag, PhoneText, TimezoneName
from domains.shared.wire import View
from domains.tenants.documents import Numbering, TaxRates
from domains.tenants.model import (
    BusinessAddress,
    BusinessName,
    EmailDomains,
    RegistrationPolicy,
    SlugText,
    Tenant,
)
from domains.tenants.opening_hours import OpeningHours


class TenantProfile(View, frozen=True):
    """The business: how it shows itself, how it works, and who may join."""

    id: UUID
    slug: SlugText
    name: BusinessName
    address: BusinessAddress
    phone: PhoneText | None
    email: EmailText | None
    timezone: TimezoneName
    currency: CurrencyCode
    locale: LanguageTag
    opening_hours: OpeningHours
    tax_rates: TaxRates
    numbering: Numbering
    registration: RegistrationPolicy
    email_domains: EmailDomains
    version: int
    created_at: Timestamp
    updated_at: Timestamp

    @classmethod
    def of(cls, tenant: Tenant) -> Self:
        shown = {name: getattr(tenant, name) for name in cls.__struct_fields__}
        times = {"created_at": timestamp(tenant.created_at), "updated_at": timestamp(tenant.updated_at)}
        return cls(**{**shown, **times})

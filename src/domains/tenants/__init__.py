"""Tenants: a business's own record, what it connects to and tries out, and how it comes to its end."""

from domains.tenants.documents import Numbering, TaxRate
from domains.tenants.events import IntegrationChanged, TenantChanged
from domains.tenants.integrations import (
    Check,
    CheckStatus,
    Connecting,
    Integrations,
    Probe,
    Showing,
    TenantIntegration,
)
from domains.tenants.model import BusinessAddress, ChangeTenant, RegistrationPolicy, Tenant
from domains.tenants.opening_hours import OpeningHours, OpeningPeriod
from domains.tenants.ports import TenantQueries, Tenants
from domains.tenants.profile_keeping import ProfileKeeping
from domains.tenants.providers import (
    Connect,
    ConnectAi,
    ConnectGoogle,
    ConnectSmtp,
    ConnectStripe,
    ConnectTranslation,
    ConnectTwilio,
    ConnectVapi,
    Provider,
)
from domains.tenants.views import Connections, IntegrationView, TenantProfile

__all__ = [
    "BusinessAddress",
    "ChangeTenant",
    "Check",
    "CheckStatus",
    "Connect",
    "ConnectAi",
    "ConnectGoogle",
    "ConnectSmtp",
    "ConnectStripe",
    "ConnectTranslation",
    "ConnectTwilio",
    "ConnectVapi",
    "Connecting",
    "Connections",
    "IntegrationChanged",
    "IntegrationView",
    "Integrations",
    "Numbering",
    "OpeningHours",
    "OpeningPeriod",
    "Probe",
    "ProfileKeeping",
    "Provider",
    "RegistrationPolicy",
    "Showing",
    "TaxRate",
    "Tenant",
    "TenantChanged",
    "TenantIntegration",
    "TenantProfile",
    "TenantQueries",
    "Tenants",
]

"""Tenants: a business's own record, what it connects to and tries out, and how it comes to its end."""

from domains.tenants.calls import CALLS_KEPT, CallPeriod, Calls, CallsView
from domains.tenants.closing import (
    GRACE,
    MAIL_CLOSED,
    MAIL_REOPENED,
    Closing,
    ClosingLetters,
    Ending,
)
from domains.tenants.documents import Invoicing, Numbering, PercentText, TaxName, TaxRate
from domains.tenants.events import (
    FeaturesChanged,
    IntegrationChanged,
    TenantActivated,
    TenantChanged,
    TenantClosed,
    TenantReopened,
    TenantSuspended,
)
from domains.tenants.features import Features, FeatureStore, NextVersion, Switching
from domains.tenants.flags import ChangeFeatures, Feature, Flag, FlagState, TenantFeatures, Variant
from domains.tenants.integrations import (
    Check,
    CheckStatus,
    Connecting,
    Integrations,
    Probe,
    Showing,
    TenantIntegration,
)
from domains.tenants.logos import LogoKeeping, Picture, Pictures
from domains.tenants.model import ChangeTenant, RegistrationPolicy, Tenant
from domains.tenants.opening_hours import OpeningHours, OpeningPeriod, sound_hours, sound_periods
from domains.tenants.operating import Operating, TenantLine, TenantLines
from domains.tenants.papers import DocumentSettings, Logo, PaperSize
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
from domains.tenants.purging import PURGE, Farewell, Purging, Recipient, Remains
from domains.tenants.usage import CallCounts, UsageQueries, UsageView
from domains.tenants.views import Connections, FeaturesView, IntegrationView, TenantProfile

__all__ = [
    "CALLS_KEPT",
    "GRACE",
    "MAIL_CLOSED",
    "MAIL_REOPENED",
    "PURGE",
    "CallCounts",
    "CallPeriod",
    "Calls",
    "CallsView",
    "ChangeFeatures",
    "ChangeTenant",
    "Check",
    "CheckStatus",
    "Closing",
    "ClosingLetters",
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
    "DocumentSettings",
    "Ending",
    "Farewell",
    "Feature",
    "FeatureStore",
    "Features",
    "FeaturesChanged",
    "FeaturesView",
    "Flag",
    "FlagState",
    "IntegrationChanged",
    "IntegrationView",
    "Integrations",
    "Invoicing",
    "Logo",
    "LogoKeeping",
    "NextVersion",
    "Numbering",
    "OpeningHours",
    "OpeningPeriod",
    "Operating",
    "PaperSize",
    "PercentText",
    "Picture",
    "Pictures",
    "Probe",
    "ProfileKeeping",
    "Provider",
    "Purging",
    "Recipient",
    "RegistrationPolicy",
    "Remains",
    "Showing",
    "Switching",
    "TaxName",
    "TaxRate",
    "Tenant",
    "TenantActivated",
    "TenantChanged",
    "TenantClosed",
    "TenantFeatures",
    "TenantIntegration",
    "TenantLine",
    "TenantLines",
    "TenantProfile",
    "TenantQueries",
    "TenantReopened",
    "TenantSuspended",
    "Tenants",
    "UsageQueries",
    "UsageView",
    "Variant",
    "sound_hours",
    "sound_periods",
]

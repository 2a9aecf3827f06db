"""Tenants: a business's own record, what it connects to and tries out, and how it comes to its end."""

from domains.tenants.documents import Numbering, TaxRate
from domains.tenants.events import TenantChanged
from domains.tenants.model import BusinessAddress, ChangeTenant, RegistrationPolicy, Tenant
from domains.tenants.opening_hours import OpeningHours, OpeningPeriod
from domains.tenants.ports import TenantQueries, Tenants
from domains.tenants.profile_keeping import ProfileKeeping
from domains.tenants.views import TenantProfile

__all__ = [
    "BusinessAddress",
    "ChangeTenant",
    "Numbering",
    "OpeningHours",
    "OpeningPeriod",
    "ProfileKeeping",
    "RegistrationPolicy",
    "TaxRate",
    "Tenant",
    "TenantChanged",
    "TenantProfile",
    "TenantQueries",
    "Tenants",
]

"""Who may do what: one list of permissions, one table of roles."""

from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What a user is in a tenant: owner > admin > staff > member."""

    OWNER = "owner"
    ADMIN = "admin"
    STAFF = "staff"
    MEMBER = "member"


class Permission(StrEnum):
    """`resource:action`, in alphabetical order. Each use case and each query names exactly one."""

    ACCOUNT_WRITE = "account:write"
    API_KEYS_READ = "api_keys:read"
    API_KEYS_WRITE = "api_keys:write"
    APPOINTMENTS_READ = "appointments:read"
    APPOINTMENTS_WRITE = "appointments:write"
    AUDIT_READ = "audit:read"
    CUSTOMER_FIELDS_WRITE = "customer_fields:write"
    CUSTOMERS_ERASE = "customers:erase"
    CUSTOMERS_EXPORT = "customers:export"
    CUSTOMERS_IMPORT = "customers:import"
    CUSTOMERS_READ = "customers:read"
    CUSTOMERS_WRITE = "customers:write"
    FEATURES_READ = "features:read"
    FEATURES_WRITE = "features:write"
    INTEGRATIONS_READ = "integrations:read"
    INTEGRATIONS_WRITE = "integrations:write"
    INVITATIONS_READ = "invitations:read"
    INVITATIONS_WRITE = "invitations:write"
    INVOICES_READ = "invoices:read"
    INVOICES_WRITE = "invoices:write"
    JOBS_MANAGE = "jobs:manage"
    JOBS_READ = "jobs:read"
    JOBS_WRITE = "jobs:write"
    OPERATIONS_READ = "operations:read"
    PAYMENTS_READ = "payments:read"
    PAYMENTS_REFUND = "payments:refund"
    PAYMENTS_WRITE = "payments:write"
    PROFILE_EXPORT = "profile:export"
    PROFILE_READ = "profile:read"
    PROFILE_WRITE = "profile:write"
    QUOTES_READ = "quotes:read"
    QUOTES_WRITE = "quotes:write"
    SCHEDULES_READ = "schedules:read"
    SCHEDULES_WRITE = "schedules:write"
    SERVICES_READ = "services:read"
    SERVICES_WRITE = "services:write"
    SESSIONS_READ = "sessions:read"
    SESSIONS_WRITE = "sessions:write"
    TENANT_DELETE = "tenant:delete"
    TENANT_EXPORT = "tenant:export"
    TENANT_READ = "tenant:read"
    TENANT_WRITE = "tenant:write"
    USAGE_READ = "usage:read"
    USERS_MANAGE = "users:manage"
    USERS_READ = "users:read"


_MEMBER = frozenset(
    {
        Permission.ACCOUNT_WRITE,
        Permission.FEATURES_READ,
        Permission.JOBS_READ,
        Permission.JOBS_WRITE,
        Permission.PROFILE_EXPORT,
        Permission.PROFILE_READ,
        Permission.PROFILE_WRITE,
        Permission.SESSIONS_READ,
        Permission.SESSIONS_WRITE,
        Permission.TENANT_READ,
        Permission.USERS_READ,
    }
)
_STAFF = _MEMBER | {
    Permission.APPOINTMENTS_READ,
    Permission.APPOINTMENTS_WRITE,
    Permission.CUSTOMERS_EXPORT,
    Permission.CUSTOMERS_IMPORT,
    Permission.CUSTOMERS_READ,
    Permission.CUSTOMERS_WRITE,
    Permission.INVOICES_READ,
    Permission.INVOICES_WRITE,
    Permission.PAYMENTS_READ,
    Permission.PAYMENTS_REFUND,
    Permission.PAYMENTS_WRITE,
    Permission.QUOTES_READ,
    Permission.QUOTES_WRITE,
    Permission.SCHEDULES_READ,
    Permission.SERVICES_READ,
}
_ADMIN = _STAFF | {
    Permission.API_KEYS_READ,
    Permission.API_KEYS_WRITE,
    Permission.AUDIT_READ,
    Permission.CUSTOMER_FIELDS_WRITE,
    Permission.CUSTOMERS_ERASE,
    Permission.FEATURES_WRITE,
    Permission.INTEGRATIONS_READ,
    Permission.INTEGRATIONS_WRITE,
    Permission.INVITATIONS_READ,
    Permission.INVITATIONS_WRITE,
    Permission.JOBS_MANAGE,
    Permission.OPERATIONS_READ,
    Permission.SCHEDULES_WRITE,
    Permission.SERVICES_WRITE,
    Permission.TENANT_EXPORT,
    Permission.TENANT_WRITE,
    Permission.USAGE_READ,
    Permission.USERS_MANAGE,
}
_OWNER = _ADMIN | {
    Permission.TENANT_DELETE,
}

PERMISSIONS_OF: MappingProxyType[Role, frozenset[Permission]] = MappingProxyType(
    {Role.OWNER: _OWNER, Role.ADMIN: _ADMIN, Role.STAFF: _STAFF, Role.MEMBER: _MEMBER}
)

PERSONAL: frozenset[Permission] = frozenset(
    {
        Permission.ACCOUNT_WRITE,
        Permission.API_KEYS_READ,
        Permission.API_KEYS_WRITE,
        Permission.INTEGRATIONS_WRITE,
        Permission.INVITATIONS_WRITE,
        Permission.SESSIONS_READ,
        Permission.SESSIONS_WRITE,
        Permission.TENANT_DELETE,
        Permission.TENANT_EXPORT,
        Permission.USERS_MANAGE,
    }
)
"""What only a person who is signed in may do: no API key can have it. All that guards an account is here."""

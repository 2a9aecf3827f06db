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

    AUDIT_READ = "audit:read"
    CUSTOMERS_READ = "customers:read"
    CUSTOMERS_WRITE = "customers:write"
    FEATURES_READ = "features:read"
    FEATURES_WRITE = "features:write"
    INTEGRATIONS_READ = "integrations:read"
    INTEGRATIONS_WRITE = "integrations:write"
    OPERATIONS_READ = "operations:read"
    PROFILE_READ = "profile:read"
    TENANT_DELETE = "tenant:delete"
    TENANT_READ = "tenant:read"
    TENANT_WRITE = "tenant:write"


_MEMBER = frozenset({Permission.FEATURES_READ, Permission.PROFILE_READ, Permission.TENANT_READ})
_STAFF = _MEMBER | {Permission.CUSTOMERS_READ, Permission.CUSTOMERS_WRITE}
_ADMIN = _STAFF | {
    Permission.AUDIT_READ,
    Permission.FEATURES_WRITE,
    Permission.INTEGRATIONS_READ,
    Permission.INTEGRATIONS_WRITE,
    Permission.OPERATIONS_READ,
    Permission.TENANT_WRITE,
}
_OWNER = _ADMIN | {Permission.TENANT_DELETE}

PERMISSIONS_OF: MappingProxyType[Role, frozenset[Permission]] = MappingProxyType(
    {Role.OWNER: _OWNER, Role.ADMIN: _ADMIN, Role.STAFF: _STAFF, Role.MEMBER: _MEMBER}
)

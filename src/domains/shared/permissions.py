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
    AUDIT_READ = "audit:read"
    CUSTOMERS_READ = "customers:read"
    CUSTOMERS_WRITE = "customers:write"
    INVITATIONS_READ = "invitations:read"
    INVITATIONS_WRITE = "invitations:write"
    OPERATIONS_READ = "operations:read"
    PROFILE_READ = "profile:read"
    TENANT_READ = "tenant:read"
    TENANT_WRITE = "tenant:write"


_MEMBER = frozenset({Permission.ACCOUNT_WRITE, Permission.PROFILE_READ, Permission.TENANT_READ})
_STAFF = _MEMBER | {Permission.CUSTOMERS_READ, Permission.CUSTOMERS_WRITE}
_ADMIN = _STAFF | {
    Permission.AUDIT_READ,
    Permission.INVITATIONS_READ,
    Permission.INVITATIONS_WRITE,
    Permission.OPERATIONS_READ,
    Permission.TENANT_WRITE,
}
_OWNER = _ADMIN

PERMISSIONS_OF: MappingProxyType[Role, frozenset[Permission]] = MappingProxyType(
    {Role.OWNER: _OWNER, Role.ADMIN: _ADMIN, Role.STAFF: _STAFF, Role.MEMBER: _MEMBER}
)

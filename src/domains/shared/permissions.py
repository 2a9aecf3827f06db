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
    JOBS_MANAGE = "jobs:manage"
    JOBS_READ = "jobs:read"
    JOBS_WRITE = "jobs:write"
    OPERATIONS_READ = "operations:read"
    PROFILE_EXPORT = "profile:export"
    PROFILE_READ = "profile:read"
    TENANT_EXPORT = "tenant:export"


_MEMBER = frozenset({Permission.JOBS_READ, Permission.JOBS_WRITE, Permission.PROFILE_EXPORT, Permission.PROFILE_READ})
_STAFF = _MEMBER | {Permission.CUSTOMERS_READ, Permission.CUSTOMERS_WRITE}
_ADMIN = _STAFF | {
    Permission.AUDIT_READ,
    Permission.JOBS_MANAGE,
    Permission.OPERATIONS_READ,
    Permission.TENANT_EXPORT,
}
_OWNER = _ADMIN

PERMISSIONS_OF: MappingProxyType[Role, frozenset[Permission]] = MappingProxyType(
    {Role.OWNER: _OWNER, Role.ADMIN: _ADMIN, Role.STAFF: _STAFF, Role.MEMBER: _MEMBER}
)

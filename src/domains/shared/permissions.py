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
    OPERATIONS_READ = "operations:read"
    PROFILE_READ = "profile:read"
    PROFILE_WRITE = "profile:write"
    USERS_MANAGE = "users:manage"
    USERS_READ = "users:read"


_MEMBER = frozenset({Permission.PROFILE_READ, Permission.PROFILE_WRITE, Permission.USERS_READ})
_STAFF = _MEMBER | {Permission.CUSTOMERS_READ, Permission.CUSTOMERS_WRITE}
_ADMIN = _STAFF | {Permission.AUDIT_READ, Permission.OPERATIONS_READ, Permission.USERS_MANAGE}
_OWNER = _ADMIN

PERMISSIONS_OF: MappingProxyType[Role, frozenset[Permission]] = MappingProxyType(
    {Role.OWNER: _OWNER, Role.ADMIN: _ADMIN, Role.STAFF: _STAFF, Role.MEMBER: _MEMBER}
)

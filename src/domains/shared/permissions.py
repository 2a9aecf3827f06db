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

    API_KEYS_READ = "api_keys:read"
    API_KEYS_WRITE = "api_keys:write"
    AUDIT_READ = "audit:read"
    CUSTOMERS_READ = "customers:read"
    CUSTOMERS_WRITE = "customers:write"
    OPERATIONS_READ = "operations:read"
    PROFILE_READ = "profile:read"
    SESSIONS_READ = "sessions:read"
    SESSIONS_WRITE = "sessions:write"


_MEMBER = frozenset({Permission.PROFILE_READ, Permission.SESSIONS_READ, Permission.SESSIONS_WRITE})
_STAFF = _MEMBER | {Permission.CUSTOMERS_READ, Permission.CUSTOMERS_WRITE}
_ADMIN = _STAFF | {
    Permission.API_KEYS_READ,
    Permission.API_KEYS_WRITE,
    Permission.AUDIT_READ,
    Permission.OPERATIONS_READ,
}
_OWNER = _ADMIN

PERMISSIONS_OF: MappingProxyType[Role, frozenset[Permission]] = MappingProxyType(
    {Role.OWNER: _OWNER, Role.ADMIN: _ADMIN, Role.STAFF: _STAFF, Role.MEMBER: _MEMBER}
)

PERSONAL: frozenset[Permission] = frozenset(
    {
        Permission.API_KEYS_READ,
        Permission.API_KEYS_WRITE,
        Permission.SESSIONS_READ,
        Permission.SESSIONS_WRITE,
    }
)
"""What only a person who is signed in may do: no API key can have it. All that guards an account is here."""

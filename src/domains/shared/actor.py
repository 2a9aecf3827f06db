"""Who acts, and for which tenant."""

from uuid import UUID

import msgspec

from domains.shared.errors import Forbidden
from domains.shared.permissions import PERMISSIONS_OF, PERSONAL, Permission, Role
from domains.shared.plans import NO_LIMITS_OF_ITS_OWN, Plan, TenantLimits


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """A user of one tenant in one session. The role is the database's, never the token's.

    An API key has `scopes`: it acts for the user who made it, within them, and `session` is the key's own id.
    """

    tenant: UUID
    user: UUID
    account: UUID
    session: UUID
    role: Role
    plan: Plan = Plan.FREE
    limits: TenantLimits = NO_LIMITS_OF_ITS_OWN
    scopes: frozenset[Permission] | None = None

    @property
    def is_key(self) -> bool:
        return self.scopes is not None

    @property
    def is_person(self) -> bool:
        return self.scopes is None

    def may(self, permission: Permission) -> bool:
        return permission in PERMISSIONS_OF[self.role] and (self.scopes is None or permission in self.scopes - PERSONAL)

    def must(self, permission: Permission) -> None:
        """Raise `Forbidden` unless the role, and of a key also its scopes, have `permission`."""
        if not self.may(permission):
            raise Forbidden(f"This needs the permission {permission.value}.")

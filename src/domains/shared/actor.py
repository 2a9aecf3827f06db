"""Who acts, and for which tenant."""

from uuid import UUID

import msgspec

from domains.shared.errors import Forbidden
from domains.shared.permissions import PERMISSIONS_OF, Permission, Role
from domains.shared.plans import Plan


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """A user of one tenant in one session. The role is the database's, never the token's."""

    tenant: UUID
    user: UUID
    account: UUID
    session: UUID
    role: Role
    plan: Plan = Plan.FREE

    def may(self, permission: Permission) -> bool:
        return permission in PERMISSIONS_OF[self.role]

    def must(self, permission: Permission) -> None:
        """Raise `Forbidden` unless the role has `permission`."""
        if not self.may(permission):
            raise Forbidden(f"This needs the permission {permission.value}.")

"""A session: what a login opens, and what an API key is."""

from uuid import UUID

import msgspec

from domains.shared.actor import Actor
from domains.shared.permissions import Permission, Role
from domains.shared.plans import NO_LIMITS_OF_ITS_OWN, Plan, TenantLimits


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A login: one account, as one user of one tenant, for a limited time. An API key's has `scopes`, and its id."""

    id: UUID
    account: UUID
    tenant: UUID
    user: UUID
    role: Role
    plan: Plan = Plan.FREE
    limits: TenantLimits = NO_LIMITS_OF_ITS_OWN
    scopes: frozenset[Permission] | None = None

    def actor(self) -> Actor:
        """Who acts in it."""
        return Actor(
            tenant=self.tenant,
            user=self.user,
            account=self.account,
            session=self.id,
            role=self.role,
            plan=self.plan,
            limits=self.limits,
            scopes=self.scopes,
        )

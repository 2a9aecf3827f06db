"""Keeping the tenant's own record."""

import copy
from collections.abc import Collection

from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.permissions import Permission
from domains.shared.versions import must_be_current
from domains.shared.work import UnitOfWork
from domains.tenants.events import TenantChanged
from domains.tenants.model import ChangeTenant, Tenant
from domains.tenants.ports import Tenants


class ProfileKeeping:
    """Keeps what a business says of itself."""

    def __init__(self, actor: Actor, tenants: Tenants, clock: Clock, work: UnitOfWork) -> None:
        self.actor = actor
        self.tenants = tenants
        self.clock = clock
        self.work = work

    async def change(self, order: ChangeTenant, *, expected: Collection[int] | None) -> Tenant:
        """Change the profile and the settings of the business.

        - An absent field stays as it is; `null` clears it. Lists, `openingHours`, `numbering`, `documents` and
          `invoicing` change whole.
        - A slug that another tenant has, or gave up within 30 days, is `already_exists`.
        - The policy `domain` needs at least one of `emailDomains`.
        - A version named by `If-Match` that is not the present one is `version_conflict`.
        - A change that changes nothing leaves the version as it is.
        """
        self.actor.must(Permission.TENANT_WRITE)
        async with self.work:
            tenant = await self.tenants.for_change()
            must_be_current(tenant.version, expected)
            before = copy.copy(tenant)
            changed = tenant.change(order, now=self.clock.now())
            if changed:
                await self.tenants.save(tenant)
                self.work.record(TenantChanged.about(tenant, fields=changed))
                self.work.note(Note(action="tenant.updated", subject=tenant.id, before=before, after=tenant))
        return tenant

"""What the operators of the platform do to tenants. They have a command line, and no address of the API."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.errors import NotFound, ValidationFailed
from domains.shared.limits import LimitName, Rate
from domains.shared.plans import OWN_RATES, Plan, Quota, TenantLimits
from domains.shared.work import UnitOfWork
from domains.tenants.closing import Ending, close
from domains.tenants.events import TenantActivated, TenantSuspended
from domains.tenants.ports import Tenants

_PLAN = "as the plan"
_Change = Callable[[TenantLimits], TenantLimits]


class TenantLine(msgspec.Struct, frozen=True, kw_only=True):
    """A tenant, as its operator sees it."""

    id: UUID
    slug: str
    name: str
    plan: Plan
    members: int
    suspended_at: datetime | None
    deletes_at: datetime | None
    created_at: datetime
    limits: TenantLimits

    @property
    def state(self) -> str:
        if self.suspended_at:
            return "suspended"
        return "closing" if self.deletes_at else "active"


class TenantLines(Protocol):
    """The lines of all tenants in the directory. Only who owns the database reaches them."""

    async def page(self, *, after: str, most: int) -> list[TenantLine]:
        """Those whose slug comes after `after`, in order."""
        ...

    async def find(self, slug: str) -> TenantLine | None: ...

    async def suspend(self, tenant: UUID, *, at: datetime | None) -> None:
        """Let nobody in from `at` on; with None, let them in again."""
        ...

    async def put_on(self, tenant: UUID, plan: Plan) -> None: ...

    async def limits(self, tenant: UUID) -> TenantLimits:
        """Its own limits, locked until the work ends."""
        ...

    async def put_limits(self, tenant: UUID, limits: TenantLimits) -> None: ...


class Operating:
    """Looks after tenants. Each change is noted in the tenant's own audit log, as its operator's."""

    def __init__(self, lines: TenantLines, tenants: Tenants, ending: Ending, clock: Clock, work: UnitOfWork) -> None:
        self.lines = lines
        self.tenants = tenants
        self.ending = ending
        self.clock = clock
        self.work = work

    async def page(self, *, after: str, most: int) -> list[TenantLine]:
        """The next tenants by slug."""
        async with self.work.within(None):
            return await self.lines.page(after=after, most=most)

    async def show(self, slug: str) -> TenantLine:
        """One tenant. Raises `NotFound`."""
        async with self.work.within(None):
            found = await self.lines.find(slug)
        if found is None:
            raise NotFound.one("tenant")
        return found

    async def suspend(self, slug: str) -> TenantLine:
        """Let nobody in: sessions and sockets end within a second. One that is suspended stays so."""
        line = await self.show(slug)
        async with self.work.within(line.id):
            if line.suspended_at is None:
                await self.lines.suspend(line.id, at=self.clock.now())
                self.work.record(TenantSuspended(subject=line.id))
                self.work.note(Note(action="tenant.suspended", subject=line.id, facts={"by": "operator"}))
        return await self.show(slug)

    async def activate(self, slug: str) -> TenantLine:
        """Let everybody in again who was not suspended by themselves."""
        line = await self.show(slug)
        async with self.work.within(line.id):
            if line.suspended_at is not None:
                await self.lines.suspend(line.id, at=None)
                self.work.record(TenantActivated(subject=line.id))
                self.work.note(Note(action="tenant.activated", subject=line.id, facts={"by": "operator"}))
        return await self.show(slug)

    async def put_on(self, slug: str, plan: Plan) -> TenantLine:
        """Change the plan: its limits hold within a second."""
        line = await self.show(slug)
        async with self.work.within(line.id):
            if line.plan is not plan:
                await self.lines.put_on(line.id, plan)
                facts = {"by": "operator", "before": line.plan.value, "after": plan.value}
                self.work.note(Note(action="tenant.plan_changed", subject=line.id, facts=facts))
        return await self.show(slug)

    async def set_quota(self, slug: str, quota: Quota, most: int | None) -> TenantLine:
        """Give the tenant a quota of its own, in the place of its plan's; None for no limit."""
        return await self._limit(slug, quota.value, _text(most), lambda own: own.with_quota(quota, most))

    async def drop_quota(self, slug: str, quota: Quota) -> TenantLine:
        """Let the plan say again how much there may be."""
        return await self._limit(slug, quota.value, _PLAN, lambda own: own.without(quota))

    async def set_rates(self, slug: str, name: LimitName, rates: tuple[Rate, ...]) -> TenantLine:
        """Give the tenant's users and keys rates of their own. `ValidationFailed` for what guards accounts."""
        if name not in OWN_RATES:
            raise ValidationFailed.of("name", "not_for_tenants", f"{name.value} is the same for all tenants.")
        told = ",".join(f"{rate.most}/{rate.seconds}s" for rate in rates)
        return await self._limit(slug, name.value, told, lambda own: own.with_rates(name, rates))

    async def drop_rates(self, slug: str, name: LimitName) -> TenantLine:
        """Let the plan say again how often."""
        return await self._limit(slug, name.value, _PLAN, lambda own: own.without(name))

    async def _limit(self, slug: str, name: str, told: str, change: _Change) -> TenantLine:
        """Change it: the new limit holds within a second."""
        line = await self.show(slug)
        async with self.work.within(line.id):
            before = await self.lines.limits(line.id)
            after = change(before)
            if after != before:
                await self.lines.put_limits(line.id, after)
                facts = {"by": "operator", "limit": name, "after": told}
                self.work.note(Note(action="tenant.limit_changed", subject=line.id, facts=facts))
        return await self.show(slug)

    async def close(self, slug: str) -> TenantLine:
        """Close it as an owner would: deleted after thirty days, its owners told, and restorable until then."""
        line = await self.show(slug)
        async with self.work.within(line.id):
            await close(self.tenants, self.ending, self.clock, self.work)
        return await self.show(slug)


def _text(most: int | None) -> str:
    return "no limit" if most is None else str(most)

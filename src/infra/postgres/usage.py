"""What a tenant has of what there may be so much of, counted by triggers."""

import time
from collections.abc import Callable
from types import MappingProxyType
from uuid import UUID

import msgspec

from domains.shared.actor import Actor
from domains.shared.limits import RateLimits
from domains.shared.permissions import Permission
from domains.shared.plans import QUOTAS_OF, Quota
from domains.shared.quotas import QuotaExceeded
from domains.tenants import UsageView
from infra.postgres.work import PostgresWork

_QUOTA = "select most, used from directory.quota($1, $2, $3)"
_USED = "select quota, sum(used)::bigint as used from usage_counters group by quota"
_USUAL = MappingProxyType(
    {
        quota: msgspec.json.encode({plan: quotas.get(quota) for plan, quotas in QUOTAS_OF.items()}).decode()
        for quota in Quota
    }
)

_FAR = 10_000
_SECONDS = 1.0
_MOST_REMEMBERED = 10_000


class FarOff:
    """What was far below its limit a moment ago, of this process: who adds one need not look again for a second.

    Far is ten thousand, and more than a tenant adds in that time. Near the limit everybody looks.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._until: dict[tuple[UUID, Quota], float] = {}

    def has(self, tenant: UUID, quota: Quota) -> bool:
        return self._now() < self._until.get((tenant, quota), 0.0)

    def note(self, tenant: UUID, quota: Quota, *, most: int | None, used: int | None) -> None:
        """Remember it, if it is far."""
        if most is None or (used or 0) + _FAR <= most:
            if len(self._until) >= _MOST_REMEMBERED:
                self._until.clear()
            self._until[tenant, quota] = self._now() + _SECONDS


class PostgresQuotas:
    """The `Quotas` of the work. `refused` is told of each refusal."""

    def __init__(self, work: PostgresWork, far_off: FarOff, refused: Callable[[Quota], None]) -> None:
        self._work = work
        self._far_off = far_off
        self._refused = refused

    async def must_hold(self, quota: Quota, *, added: int = 1) -> None:
        if added == 1 and self._far_off.has(self._work.tenant, quota):
            return
        row = await self._work.connection.fetchrow(_QUOTA, quota.value, added, _USUAL[quota])
        most, used = (row["most"], row["used"]) if row else (None, None)
        self._far_off.note(self._work.tenant, quota, most=most, used=used)
        if most is not None and used is not None and used > most:
            self._refused(quota)
            raise QuotaExceeded(quota, most)


class PostgresUsageQueries:
    """The `UsageQueries` of the actor's tenant."""

    def __init__(self, actor: Actor, rates: RateLimits, work: PostgresWork) -> None:
        self._actor = actor
        self._rates = rates
        self._work = work

    async def usage(self) -> UsageView:
        self._actor.must(Permission.USAGE_READ)
        async with self._work:
            rows = await self._work.connection.fetch(_USED)
        return UsageView.of(self._actor, {Quota(row["quota"]): row["used"] for row in rows}, self._rates)

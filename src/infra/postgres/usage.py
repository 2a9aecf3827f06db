"""What a tenant has of what there may be so much of, counted by triggers."""

from collections.abc import Callable
from types import MappingProxyType

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


class PostgresQuotas:
    """The `Quotas` of the work. `refused` is told of each refusal."""

    def __init__(self, work: PostgresWork, refused: Callable[[Quota], None]) -> None:
        self._work = work
        self._refused = refused

    async def must_hold(self, quota: Quota, *, added: int = 1) -> None:
        row = await self._work.connection.fetchrow(_QUOTA, quota.value, added, _USUAL[quota])
        if row is None or row["most"] is None or row["used"] <= row["most"]:
            return
        self._refused(quota)
        raise QuotaExceeded(quota, row["most"])


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

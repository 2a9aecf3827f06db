"""What a tenant has of what there may be so much of, counted by triggers."""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

import asyncpg
import msgspec

from domains.shared.actor import Actor
from domains.shared.limits import RateLimits
from domains.shared.permissions import Permission
from domains.shared.plans import QUOTAS_OF, Quota
from domains.shared.quotas import QuotaExceeded
from domains.tenants import CALLS_KEPT, CallPeriod, Calls, CallsView, UsageView
from infra.postgres.database import Database
from infra.postgres.transactions import Afterwards, OwnTransaction
from infra.postgres.work import PostgresWork

_QUOTA = "select most, used from directory.quota($1, $2, $3)"
_USED = "select quota, sum(used)::bigint as used from usage_counters group by quota"
_CALLS = """
    select width_bucket(since, $1::timestamptz[]) as day, sum(calls)::bigint, sum(by_keys)::bigint,
           sum(refused)::bigint, sum(failed)::bigint
    from api_calls where since >= $2 and since < $3 group by 1
"""
_COUNT = """
    insert into api_calls as a (tenant_id, since, calls, by_keys, refused, failed)
    select $1, * from unnest($2::timestamptz[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
    on conflict (tenant_id, since) do update set
        calls = a.calls + excluded.calls, by_keys = a.by_keys + excluded.by_keys,
        refused = a.refused + excluded.refused, failed = a.failed + excluded.failed
"""
_FORGET = "delete from api_calls where since < now() - $1::interval"
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

    Far is ten thousand, and more than a tenant adds in that time. Near the limit everybody looks. `refused` is told of
    each refusal.
    """

    def __init__(self, refused: Callable[[Quota], None], *, now: Callable[[], float] = time.monotonic) -> None:
        self.refused = refused
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
    """The `Quotas` of the work."""

    def __init__(self, work: PostgresWork, far_off: FarOff) -> None:
        self._work = work
        self._far_off = far_off

    async def must_hold(self, quota: Quota, *, added: int = 1) -> None:
        if added == 1 and self._far_off.has(self._work.tenant, quota):
            return
        await self._must_fit(quota, looks_for=added, more=0)

    async def must_have_room(self, quota: Quota) -> None:
        if not self._far_off.has(self._work.tenant, quota):
            await self._must_fit(quota, looks_for=1, more=1)

    async def _must_fit(self, quota: Quota, *, looks_for: int, more: int) -> None:
        row = await self._work.connection.fetchrow(_QUOTA, quota.value, looks_for, _USUAL[quota])
        most, used = (row["most"], row["used"]) if row else (None, None)
        self._far_off.note(self._work.tenant, quota, most=most, used=used)
        if most is not None and used is not None and used + more > most:
            self._far_off.refused(quota)
            raise QuotaExceeded(quota, most)


class PostgresUsageQueries:
    """The `UsageQueries` of the actor's tenant."""

    def __init__(self, actor: Actor, rates: RateLimits, work: PostgresWork) -> None:
        self._actor = actor
        self._rates = rates
        self._work = work

    async def usage(self, period: CallPeriod) -> UsageView:
        self._actor.must(Permission.USAGE_READ)
        days = [begins for _, begins in period.days()]
        async with self._work:
            rows = await self._work.connection.fetch(_USED)
            found = await self._work.connection.fetch(_CALLS, days, period.start, period.end)
        used = {Quota(row["quota"]): row["used"] for row in rows}
        called = {row["day"]: Calls(*row[1:]) for row in found}
        calls = CallsView.of(period, [called.get(number, Calls()) for number in range(1, len(days) + 1)])
        return UsageView.of(self._actor, used, self._rates, calls)


class PostgresCallCounts:
    """The `CallCounts`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, tenant: UUID, counts: Mapping[datetime, Calls]) -> None:
        rows = sorted(counts.items())
        values = zip(*(msgspec.structs.astuple(calls) for _, calls in rows), strict=True)
        async with OwnTransaction(self._database, tenant).under_way() as transaction:
            with suppress(asyncpg.ForeignKeyViolationError):
                await transaction.driver.execute(_COUNT, tenant, [since for since, _ in rows], *map(list, values))
                await transaction.driver.execute(_FORGET, CALLS_KEPT)
                await transaction.commit(Afterwards())

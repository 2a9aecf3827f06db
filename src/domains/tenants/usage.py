"""What a business has of what its plan gives, and how often its people may call."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Protocol, Self
from uuid import UUID

from msgspec import Meta

from domains.shared.actor import Actor
from domains.shared.limits import LimitName, RateLimits
from domains.shared.plans import OWN_RATES, Plan, Quota
from domains.shared.wire import View
from domains.tenants.calls import CallPeriod, Calls, CallsView

_Amount = Annotated[int, Meta(ge=0, le=2**53 - 1)]


class QuotaView(View, frozen=True):
    """How much there is, and how much there may be: null for any amount. `isOwn`: the operator's word, not the plan's.

    `storage_bytes` are the files of exports and imports as long as they are kept; no export is refused for them.
    """

    name: Quota
    used: _Amount
    limit: _Amount | None
    is_own: bool


class RateView(View, frozen=True):
    """At most so many requests in so many seconds."""

    requests: Annotated[int, Meta(ge=1)]
    seconds: Annotated[int, Meta(ge=1)]


class RateLimitView(View, frozen=True):
    """How often one user, or one API key, may do something. All of its rates hold."""

    name: LimitName
    rates: Annotated[list[RateView], Meta(max_length=10)]
    is_own: bool


class UsageView(View, frozen=True):
    """The plan, what it comes to at present, and the calls of a period. Where rates are off, none is listed."""

    plan: Plan
    quotas: Annotated[list[QuotaView], Meta(max_length=100)]
    rate_limits: Annotated[list[RateLimitView], Meta(max_length=100)]
    calls: CallsView

    @classmethod
    def of(cls, actor: Actor, used: Mapping[Quota, int], installed: RateLimits, calls: CallsView) -> Self:
        own, plan = actor.limits, actor.plan
        quotas = [
            QuotaView(name=each, used=max(0, used.get(each, 0)), limit=own.quota(each, plan), is_own=each in own.quotas)
            for each in Quota
        ]
        rates = {name: own.rates_of(name, plan, installed) for name in OWN_RATES}
        limits = [
            RateLimitView(
                name=name,
                rates=[RateView(requests=each.most, seconds=each.seconds) for each in found],
                is_own=name in own.rates,
            )
            for name, found in rates.items()
            if found
        ]
        return cls(plan=plan, quotas=quotas, rate_limits=limits, calls=calls)


class UsageQueries(Protocol):
    """What the actor's tenant uses. Needs `usage:read`."""

    async def usage(self, period: CallPeriod) -> UsageView: ...


class CallCounts(Protocol):
    """The counts of calls that are stored."""

    async def add(self, tenant: UUID, counts: Mapping[datetime, Calls]) -> None:
        """Add them, by the quarter of an hour; those that are 400 days old go. A tenant that has gone has none."""
        ...

"""What the business uses, over HTTP."""

from collections.abc import Sequence

from dishka.integrations.litestar import FromDishka
from litestar import get
from litestar.types import ControllerRouterHandler

from api.periods import From, To, period
from domains.shared.clock import TenantZone, WallClock
from domains.tenants import CallPeriod, UsageQueries, UsageView


@get("/tenants/me/usage", tags=["Tenants"])
async def get_usage(
    query: FromDishka[UsageQueries],
    tenant: FromDishka[TenantZone],
    clock: FromDishka[WallClock],
    begin: From = None,
    end: To = None,
) -> UsageView:
    """Show what the plan gives, how much of it is used, how often each user may call, and how often all of them did.

    - `calls` are those from `from` to `to`, at most 366 days: of this month where neither is given. They are kept for
      400 days.
    """
    zone = await tenant.zone()
    named = period(begin, end, zone)
    return await query.usage(CallPeriod.of(named.start, named.end, zone=zone, now=clock.wall()))


USAGE_ROUTES: Sequence[ControllerRouterHandler] = (get_usage,)

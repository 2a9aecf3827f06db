"""What the business uses, over HTTP."""

from collections.abc import Sequence

from dishka.integrations.litestar import FromDishka
from litestar import get
from litestar.types import ControllerRouterHandler

from domains.tenants import UsageQueries, UsageView


@get("/tenants/me/usage", tags=["Tenants"])
async def get_usage(query: FromDishka[UsageQueries]) -> UsageView:
    """Show what the plan gives, how much of it is used, and how often each user may call."""
    return await query.usage()


USAGE_ROUTES: Sequence[ControllerRouterHandler] = (get_usage,)

"""The tenant's own record over HTTP."""

from collections.abc import Sequence

from dishka.integrations.litestar import FromDishka
from litestar import Response, get, patch
from litestar.params import JSONBody
from litestar.types import ControllerRouterHandler

from api.etag import IfMatch, expected_versions, tagged
from api.problems import problems
from domains.tenants import ChangeTenant, ProfileKeeping, TenantProfile, TenantQueries


@get("/tenants/me", tags=["Tenants"])
async def get_tenant(query: FromDishka[TenantQueries]) -> Response[TenantProfile]:
    """Show the business that the token is bound to."""
    return tagged(await query.profile())


@patch("/tenants/me", tags=["Tenants"], responses=problems("already_exists"), description=ProfileKeeping.change.__doc__)
async def change_tenant(
    data: JSONBody[ChangeTenant], profiles: FromDishka[ProfileKeeping], if_match: IfMatch = None
) -> Response[TenantProfile]:
    return tagged(TenantProfile.of(await profiles.change(data, expected=expected_versions(if_match))))


TENANT_ROUTES: Sequence[ControllerRouterHandler] = (get_tenant, change_tenant)

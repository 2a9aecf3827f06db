"""The tenant's own record over HTTP."""

from collections.abc import Sequence

from dishka.integrations.litestar import FromDishka
from litestar import Response, delete, get, patch, post
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK
from litestar.types import ControllerRouterHandler

from api.etag import IfMatch, expected_versions, tagged
from api.problems import problems
from domains.tenants import ChangeTenant, Closing, ProfileKeeping, TenantProfile, TenantQueries


@get("/tenants/me", tags=["Tenants"])
async def get_tenant(query: FromDishka[TenantQueries]) -> Response[TenantProfile]:
    """Show the business that the token is bound to."""
    return tagged(await query.profile())


@patch("/tenants/me", tags=["Tenants"], responses=problems("already_exists"), description=ProfileKeeping.change.__doc__)
async def change_tenant(
    data: JSONBody[ChangeTenant], profiles: FromDishka[ProfileKeeping], if_match: IfMatch = None
) -> Response[TenantProfile]:
    return tagged(TenantProfile.of(await profiles.change(data, expected=expected_versions(if_match))))


@delete("/tenants/me", tags=["Tenants"], description=Closing.close.__doc__)
async def close_tenant(closing: FromDishka[Closing], if_match: IfMatch = None) -> None:
    await closing.close(expected=expected_versions(if_match))


@post(
    "/tenants/me/restore",
    tags=["Tenants"],
    status_code=HTTP_200_OK,
    responses=problems("conflict"),
    description=Closing.restore.__doc__,
)
async def restore_tenant(closing: FromDishka[Closing], if_match: IfMatch = None) -> Response[TenantProfile]:
    return tagged(TenantProfile.of(await closing.restore(expected=expected_versions(if_match))))


TENANT_ROUTES: Sequence[ControllerRouterHandler] = (get_tenant, change_tenant, close_tenant, restore_tenant)

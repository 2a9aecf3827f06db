"""`/api/v2`, for whoever has its feature."""

from collections.abc import Sequence

from dishka.integrations.litestar import FromDishka
from litestar import route
from litestar.enums import HttpMethod
from litestar.types import ControllerRouterHandler

from domains.tenants import NextVersion

_EVERY_METHOD = [HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE]


@route(["/api/v2", "/api/v2/{rest:path}"], http_method=_EVERY_METHOD, include_in_schema=False, status_code=204)
async def enter_next_version(next_version: FromDishka[NextVersion]) -> None:
    """It has no operation yet: `feature_disabled`, or for whoever has the feature `not_found`."""
    await next_version.enter()


NEXT_VERSION_ROUTES: Sequence[ControllerRouterHandler] = (enter_next_version,)

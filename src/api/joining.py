"""Joining and founding further tenants over HTTP."""

from collections.abc import Sequence

from dishka.integrations.litestar import FromDishka
from litestar import Response, post
from litestar.params import JSONBody
from litestar.types import ControllerRouterHandler

from api.etag import created
from api.problems import problems
from domains.identity import Founding, FoundTenant, Joining, JoinTenant, MembershipView, TenantView


@post("/auth/join", opt={"repeatable": False}, tags=["Identity"],
      responses=problems("forbidden", "already_exists", "quota_exceeded"),
      description=Joining.join.__doc__)  # fmt: skip
async def join_tenant(data: JSONBody[JoinTenant], joining: FromDishka[Joining]) -> MembershipView:
    return await joining.join(data)


@post("/tenants", tags=["Identity"], description=Founding.found.__doc__)
async def found_tenant(data: JSONBody[FoundTenant], founding: FromDishka[Founding]) -> Response[TenantView]:
    return created(await founding.found(data), location="/api/v1/tenants/me")


JOINING_ROUTES: Sequence[ControllerRouterHandler] = (join_tenant, found_tenant)

"""Times that visitors hold, over HTTP: no credential but a business's slug, or a hold's token."""

from collections.abc import Sequence
from typing import Any

from dishka.integrations.litestar import FromDishka
from litestar import Request, Response, delete, get, post
from litestar.params import JSONBody
from litestar.types import ControllerRouterHandler

from api.network import network_of
from api.online_booking import OPEN, SHOP, TAGS, Slug, Token
from api.problems import problems
from domains.appointments import HeldView, Holding, HoldTime, HoldView
from domains.shared.limits import LimitName

_HOLD = "/public/holds/{token:str}"


@post(f"{SHOP}/holds", tags=TAGS, opt={**OPEN, "repeatable": True, "limit": LimitName.HOLD, "made_at": _HOLD},
      responses=problems("slot_taken", "outside_hours", "rate_limited"), description=Holding.hold.__doc__)  # fmt: skip
async def hold_time(
    request: Request[Any, Any, Any], tenant_slug: Slug, data: JSONBody[HoldTime], holding: FromDishka[Holding]
) -> Response[HeldView]:
    held = await holding.hold(tenant_slug, data, visitor=network_of(request.scope))
    return Response(held, status_code=201, headers={"Location": f"/api/v1/public/holds/{held.token}"})


@get(_HOLD, tags=TAGS, opt=OPEN, description=Holding.show.__doc__)
async def get_hold(token: Token, holding: FromDishka[Holding]) -> HoldView:
    return await holding.show(token)


@delete(_HOLD, tags=TAGS, opt=OPEN, description=Holding.release.__doc__)
async def release_hold(token: Token, holding: FromDishka[Holding]) -> None:
    await holding.release(token)


HOLD_ROUTES: Sequence[ControllerRouterHandler] = (hold_time, get_hold, release_hold)

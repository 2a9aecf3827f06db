"""The tenant's logo over HTTP."""

from collections.abc import Sequence
from typing import Any

from dishka.integrations.litestar import FromDishka
from litestar import Request, Response, delete, get, put
from litestar.types import ControllerRouterHandler

from api.etag import IfMatch, expected_versions, tagged
from api.problems import problems
from api.uploads import PICTURE_TYPES, sent_file, takes_file
from domains.shared.limits import LimitName
from domains.tenants import LogoKeeping, TenantProfile
from domains.tenants.logos import MOST_BYTES

_PNG = "image/png"
_FORM_BYTES = 64 * 1024
_AS_SENT = {"Content-Disposition": 'inline; filename="logo.png"', "Cache-Control": "private, no-cache"}


@get("/tenants/me/logo", tags=["Tenants"], media_type=_PNG, opt={"file": _PNG}, responses=problems("not_found"),
     description=LogoKeeping.content.__doc__)  # fmt: skip
async def get_logo(logos: FromDishka[LogoKeeping]) -> Response[bytes]:
    return Response(await logos.content(), media_type=_PNG, headers=_AS_SENT)


@put("/tenants/me/logo", tags=["Tenants"], description=LogoKeeping.put.__doc__,
     request_max_body_size=MOST_BYTES + _FORM_BYTES,
     opt={"limit": LimitName.UPLOAD, "streamed": True,
          "takes": takes_file("(a PNG)", most=MOST_BYTES, kind=_PNG)})  # fmt: skip
async def put_logo(
    request: Request[Any, Any, Any], logos: FromDishka[LogoKeeping], if_match: IfMatch = None
) -> Response[TenantProfile]:
    sent = sent_file(request, PICTURE_TYPES)
    return tagged(TenantProfile.of(await logos.put(sent, expected=expected_versions(if_match))))


@delete("/tenants/me/logo", tags=["Tenants"], description=LogoKeeping.remove.__doc__)
async def remove_logo(logos: FromDishka[LogoKeeping], if_match: IfMatch = None) -> None:
    await logos.remove(expected=expected_versions(if_match))


LOGO_ROUTES: Sequence[ControllerRouterHandler] = (get_logo, put_logo, remove_logo)

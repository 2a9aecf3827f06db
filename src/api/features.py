"""Features over HTTP."""

from collections.abc import Sequence

from dishka.integrations.litestar import FromDishka
from litestar import Response, get, patch
from litestar.params import JSONBody
from litestar.types import ControllerRouterHandler

from api.etag import IfMatch, expected_versions, tagged
from domains.shared.actor import Actor
from domains.tenants import ChangeFeatures, FeaturesView, Switching


@get("/tenants/me/features", tags=["Features"], description=Switching.show.__doc__)
async def get_features(switching: FromDishka[Switching], asker: FromDishka[Actor]) -> Response[FeaturesView]:
    return tagged(FeaturesView.of(await switching.show(), asker))


@patch("/tenants/me/features", tags=["Features"], description=Switching.switch.__doc__)
async def change_features(
    data: JSONBody[ChangeFeatures],
    switching: FromDishka[Switching],
    asker: FromDishka[Actor],
    if_match: IfMatch = None,
) -> Response[FeaturesView]:
    return tagged(FeaturesView.of(await switching.switch(data, expected=expected_versions(if_match)), asker))


FEATURE_ROUTES: Sequence[ControllerRouterHandler] = (get_features, change_features)

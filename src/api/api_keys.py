"""API keys over HTTP."""

from collections.abc import Sequence

from dishka.integrations.litestar import FromDishka
from litestar import Response, delete, get, post
from litestar.params import JSONBody
from litestar.types import ControllerRouterHandler

from api.paging import Cursors, Listing, ListOf
from api.parameters import ByCreation, CursorText, Id, IncludeTotal, Limit
from api.problems import problems
from domains.api_keys import ApiKeyQueries, ApiKeys, ApiKeyView, CreateApiKey, NewApiKey
from domains.shared.actor import Actor


@post("/api-keys", opt={"repeatable": False}, tags=["API keys"], responses=problems("quota_exceeded"),
      description=ApiKeys.create.__doc__)  # fmt: skip
async def create_api_key(data: JSONBody[CreateApiKey], keys: FromDishka[ApiKeys]) -> Response[NewApiKey]:
    made = await keys.create(data)
    return Response(made, headers={"Location": f"/api/v1/api-keys/{made.id}"})


@get("/api-keys", tags=["API keys"])
async def list_api_keys(
    asker: FromDishka[Actor],
    query: FromDishka[ApiKeyQueries],
    cursors: FromDishka[Cursors],
    sort: ByCreation = "-createdAt",
    limit: Limit = 20,
    cursor: CursorText = None,
    include_total: IncludeTotal = False,
) -> ListOf[ApiKeyView]:
    """List the API keys of the business, newest first: by whom they were made, what they may, when they were used."""
    listing = Listing.of("listApiKeys", asker, sort=sort)
    page = await query.page(cursors.wanted(listing, limit=limit, cursor=cursor, include_total=include_total))
    return cursors.shown(listing, page)


@delete("/api-keys/{api_key_id:str}", tags=["API keys"], description=ApiKeys.revoke.__doc__)
async def revoke_api_key(api_key_id: Id, keys: FromDishka[ApiKeys]) -> None:
    await keys.revoke(api_key_id)


API_KEY_ROUTES: Sequence[ControllerRouterHandler] = (create_api_key, list_api_keys, revoke_api_key)

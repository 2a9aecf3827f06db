"""The price list over HTTP."""

from collections.abc import Sequence
from typing import Annotated, Literal

from dishka.integrations.litestar import FromDishka
from litestar import Response, delete, get, patch, post
from litestar.params import JSONBody, QueryParameter
from litestar.types import ControllerRouterHandler

from api.etag import IfMatch, created, expected_versions, tagged
from api.paging import Cursors, Listing, ListOf
from api.parameters import CursorText, Id, IncludeTotal, Limit, SearchText
from api.problems import problems
from domains.billing import ChangePriceItem, CreatePriceItem, PriceItemView, PriceKeeping, PriceQueries
from domains.shared.actor import Actor

Sort = Annotated[Literal["name", "-name"], QueryParameter()]
Archived = Annotated[bool, QueryParameter()]
_CREATES = {"name": "Replace a tap", "unitPrice": 12500, "unit": "hour", "taxRate": "8.875", "sku": "TAP-01"}


@post("/price-list", opt={"example": _CREATES}, tags=["Price list"], responses=problems("already_exists"),
      description=PriceKeeping.create.__doc__)  # fmt: skip
async def create_price_item(
    data: JSONBody[CreatePriceItem], keeping: FromDishka[PriceKeeping]
) -> Response[PriceItemView]:
    price = await keeping.create(data)
    return created(PriceItemView.of(price), location=f"/api/v1/price-list/{price.id}")


@get("/price-list", tags=["Price list"])
async def list_price_items(
    asker: FromDishka[Actor],
    query: FromDishka[PriceQueries],
    cursors: FromDishka[Cursors],
    sort: Sort = "name",
    search: SearchText = None,
    archived: Archived = False,
    limit: Limit = 20,
    cursor: CursorText = None,
    include_total: IncludeTotal = False,
) -> ListOf[PriceItemView]:
    """List the prices of the business, by name; archived ones in a list of their own. `search` is in name or SKU."""
    listing = Listing.of("listPriceItems", asker, sort=sort, search=search, archived=archived)
    wanted = cursors.wanted(listing, limit=limit, cursor=cursor, include_total=include_total)
    return cursors.shown(listing, await query.page(wanted, search=search, archived=archived))


@get("/price-list/{price_item_id:str}", tags=["Price list"])
async def get_price_item(price_item_id: Id, query: FromDishka[PriceQueries]) -> Response[PriceItemView]:
    """Show one price, archived or not."""
    return tagged(await query.one(price_item_id))


@patch("/price-list/{price_item_id:str}", opt={"example": {"unitPrice": 13000}}, tags=["Price list"],
       responses=problems("already_exists"), description=PriceKeeping.change.__doc__)  # fmt: skip
async def change_price_item(
    price_item_id: Id,
    data: JSONBody[ChangePriceItem],
    keeping: FromDishka[PriceKeeping],
    if_match: IfMatch = None,
) -> Response[PriceItemView]:
    price = await keeping.change(price_item_id, data, expected=expected_versions(if_match))
    return tagged(PriceItemView.of(price))


@delete("/price-list/{price_item_id:str}", tags=["Price list"], description=PriceKeeping.archive.__doc__)
async def archive_price_item(price_item_id: Id, keeping: FromDishka[PriceKeeping], if_match: IfMatch = None) -> None:
    await keeping.archive(price_item_id, expected=expected_versions(if_match))


PRICE_LIST_ROUTES: Sequence[ControllerRouterHandler] = (
    create_price_item,
    list_price_items,
    get_price_item,
    change_price_item,
    archive_price_item,
)

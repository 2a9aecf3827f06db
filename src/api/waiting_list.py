"""The waiting list over HTTP: for staff, and for those who wait."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from dishka.integrations.litestar import FromDishka
from litestar import Request, Response, delete, get, post
from litestar.params import JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED
from litestar.types import ControllerRouterHandler

from api.etag import IfMatch, created, expected_versions, tagged
from api.network import network_of
from api.online_booking import BOOKING, OPEN, SHOP, TAGS, Slug, Token
from api.paging import Cursors, Listing, ListOf
from api.parameters import ByCreation, CursorText, Id, IncludeTotal, Limit, OfCustomer
from api.problems import problems
from domains.appointments import (
    BookedOnlineView,
    JoinedWaitingListView,
    JoinWaitingList,
    WaitingFilter,
    WaitingKeeping,
    WaitingOnline,
    WaitingOnlineView,
    WaitingQueries,
    WaitingStatus,
    WaitingView,
    WaitOnline,
)
from domains.shared.actor import Actor
from domains.shared.limits import LimitName

StatusFilter = Annotated[WaitingStatus | None, QueryParameter(name="status")]
ServiceFilter = Annotated[UUID | None, QueryParameter(name="serviceId")]
_PLACE = "/public/waiting-list/{token:str}"
_ANSWERS = {**OPEN, "repeatable": True}
_WHEN = {
    "serviceId": "0192f0c1-2b3c-7d4e-8f50-617283940a1b",
    "fromAt": "2099-11-23T14:00:00.000Z",
    "untilAt": "2099-11-27T22:00:00.000Z",
}
_JOINS = {"customerId": "0192f0c1-2b3c-7d4e-8f50-617283940a1b", **_WHEN}
_WAITS = {**_WHEN, "name": "Grace Hopper", "email": "grace@example.com"}


@get("/waiting-list", tags=["Appointments"])
async def list_waiting_list(
    asker: FromDishka[Actor], query: FromDishka[WaitingQueries], cursors: FromDishka[Cursors],
    sort: ByCreation = "createdAt", status: StatusFilter = None, service_id: ServiceFilter = None,
    customer_id: OfCustomer = None, limit: Limit = 20, cursor: CursorText = None,
    include_total: IncludeTotal = False,
) -> ListOf[WaitingView]:  # fmt: skip
    """List the places on the waiting list, the first to come first. Those that are closed are listed for 90 days."""
    wanted = WaitingFilter(status=status, service_id=service_id, customer_id=customer_id)
    listing = Listing.of("listWaitingList", asker, sort=sort, filters=wanted)
    page = await query.page(wanted, cursors.wanted(listing, limit=limit, cursor=cursor, include_total=include_total))
    return cursors.shown(listing, page)


@post("/waiting-list", tags=["Appointments"], opt={"example": _JOINS},
      responses=problems("already_exists", "conflict", "customer_merged", "not_found"),
      description=WaitingKeeping.join.__doc__)  # fmt: skip
async def join_waiting_list(
    data: JSONBody[JoinWaitingList], keeping: FromDishka[WaitingKeeping]
) -> Response[WaitingView]:
    entry = await keeping.join(data)
    return created(WaitingView.of(entry), location=f"/api/v1/waiting-list/{entry.id}")


@get("/waiting-list/{place_id:str}", tags=["Appointments"])
async def get_waiting_list_place(place_id: Id, query: FromDishka[WaitingQueries]) -> Response[WaitingView]:
    """Show one place on the waiting list."""
    return tagged(await query.one(place_id))


@delete("/waiting-list/{place_id:str}", tags=["Appointments"], description=WaitingKeeping.remove.__doc__)
async def remove_from_waiting_list(place_id: Id, keeping: FromDishka[WaitingKeeping], if_match: IfMatch = None) -> None:
    await keeping.remove(place_id, expected=expected_versions(if_match))


@post(f"{SHOP}/waiting-list", tags=TAGS,
      opt={**_ANSWERS, "limit": LimitName.AUTH, "example": _WAITS, "made_at": _PLACE},
      responses=problems("conflict", "not_found", "rate_limited"), description=WaitingOnline.join.__doc__)  # fmt: skip
async def wait_online(
    request: Request[Any, Any, Any], tenant_slug: Slug, data: JSONBody[WaitOnline], waiting: FromDishka[WaitingOnline]
) -> Response[JoinedWaitingListView]:
    joined = await waiting.join(tenant_slug, data, visitor=network_of(request.scope))
    headers = {"Location": f"/api/v1/public/waiting-list/{joined.token}"}
    return Response(joined, status_code=HTTP_201_CREATED, headers=headers)


@get(_PLACE, tags=TAGS, opt=OPEN, description=WaitingOnline.show.__doc__)
async def get_online_place(token: Token, waiting: FromDishka[WaitingOnline]) -> Response[WaitingOnlineView]:
    return tagged(await waiting.show(token))


@delete(_PLACE, tags=TAGS, opt=OPEN, description=WaitingOnline.leave.__doc__)
async def leave_waiting_list(token: Token, waiting: FromDishka[WaitingOnline], if_match: IfMatch = None) -> None:
    await waiting.leave(token, expected=expected_versions(if_match))


@post(f"{_PLACE}/accept", tags=TAGS, opt={**_ANSWERS, "made_at": BOOKING}, responses=problems("slot_taken", "expired"),
      description=WaitingOnline.accept.__doc__)  # fmt: skip
async def accept_offered_time(token: Token, waiting: FromDishka[WaitingOnline]) -> Response[BookedOnlineView]:
    booked = await waiting.accept(token)
    headers = {"Location": f"/api/v1/public/bookings/{booked.token}"}
    return Response(booked, status_code=HTTP_201_CREATED, headers=headers)


@post(f"{_PLACE}/decline", tags=TAGS, opt=_ANSWERS, status_code=HTTP_200_OK, responses=problems("invalid_transition"),
      description=WaitingOnline.decline.__doc__)  # fmt: skip
async def decline_offered_time(token: Token, waiting: FromDishka[WaitingOnline]) -> WaitingOnlineView:
    return await waiting.decline(token)


WAITING_LIST_ROUTES: Sequence[ControllerRouterHandler] = (
    list_waiting_list,
    join_waiting_list,
    get_waiting_list_place,
    remove_from_waiting_list,
    wait_online,
    get_online_place,
    leave_waiting_list,
    accept_offered_time,
    decline_offered_time,
)

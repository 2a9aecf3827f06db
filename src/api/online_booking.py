"""What customers do themselves, over HTTP: no credential but a business's slug, or a booking's token."""

from collections.abc import Sequence
from typing import Annotated
from zoneinfo import ZoneInfo

from dishka.integrations.litestar import FromDishka
from litestar import Response, delete, get, patch, post
from litestar.params import JSONBody, PathParameter
from litestar.types import ControllerRouterHandler
from msgspec import Meta

from api.appointments import Reason, ServiceId, StaffFilter
from api.etag import IfMatch, expected_versions, tagged
from api.periods import From, Period, To, period
from api.problems import problems
from domains.appointments import (
    AskAvailability,
    AvailabilityView,
    BookedOnlineView,
    BookOnline,
    MoveOnline,
    OnlineBooking,
    OnlineBookingView,
    OnlineServices,
)
from domains.shared.limits import LimitName

Slug = Annotated[str, PathParameter(), Meta(min_length=1, max_length=100)]
Token = Annotated[str, PathParameter(), Meta(min_length=1, max_length=100)]
OPEN = {"public": True}
BOOKING = "/public/bookings/{token:str}"
SHOP = "/public/tenants/{tenant_slug:str}"
TAGS = ["Online booking"]


@get(f"{SHOP}/services", tags=TAGS, opt=OPEN, description=OnlineBooking.offered_services.__doc__)
async def list_online_services(tenant_slug: Slug, online: FromDishka[OnlineBooking]) -> OnlineServices:
    return await online.offered_services(tenant_slug)


@get(f"{SHOP}/availability", tags=TAGS, opt=OPEN, description=OnlineBooking.available.__doc__)
async def get_online_availability(
    tenant_slug: Slug, online: FromDishka[OnlineBooking], service_id: ServiceId, begin: From = None, end: To = None,
    staff_id: StaffFilter = None,
) -> AvailabilityView:  # fmt: skip
    when = period(begin, end, ZoneInfo(await online.zone(tenant_slug))) if begin or end else Period()
    asked = AskAvailability(service_id=service_id, start=when.start, end=when.end, staff_id=staff_id)
    return await online.available(tenant_slug, asked)


@post(f"{SHOP}/bookings", tags=TAGS, opt={**OPEN, "repeatable": True, "limit": LimitName.AUTH, "made_at": BOOKING},
      responses=problems("slot_taken", "outside_hours"), description=OnlineBooking.book.__doc__)  # fmt: skip
async def book_online(
    tenant_slug: Slug, data: JSONBody[BookOnline], online: FromDishka[OnlineBooking]
) -> Response[BookedOnlineView]:
    booked = await online.book(tenant_slug, data)
    return Response(booked, status_code=201, headers={"Location": f"/api/v1/public/bookings/{booked.token}"})


@get(BOOKING, tags=TAGS, opt=OPEN, description=OnlineBooking.show.__doc__)
async def get_online_booking(token: Token, online: FromDishka[OnlineBooking]) -> Response[OnlineBookingView]:
    return tagged(await online.show(token))


@patch(BOOKING, tags=TAGS, opt={**OPEN, "limit": LimitName.AUTH},
       responses=problems("slot_taken", "outside_hours", "deadline_passed", "invalid_transition"),
       description=OnlineBooking.move.__doc__)  # fmt: skip
async def move_online_booking(
    token: Token, data: JSONBody[MoveOnline], online: FromDishka[OnlineBooking], if_match: IfMatch = None
) -> Response[OnlineBookingView]:
    return tagged(await online.move(token, data, expected=expected_versions(if_match)))


@delete(BOOKING, tags=TAGS, opt=OPEN, responses=problems("deadline_passed", "invalid_transition"),
        description=OnlineBooking.cancel.__doc__)  # fmt: skip
async def cancel_online_booking(
    token: Token, online: FromDishka[OnlineBooking], reason: Reason = None, if_match: IfMatch = None
) -> None:
    await online.cancel(token, reason=reason, expected=expected_versions(if_match))


ONLINE_BOOKING_ROUTES: Sequence[ControllerRouterHandler] = (
    list_online_services,
    get_online_availability,
    book_online,
    get_online_booking,
    move_online_booking,
    cancel_online_booking,
)

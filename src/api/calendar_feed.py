"""Private feeds of calendars, over HTTP."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from dishka.integrations.litestar import FromDishka
from litestar import Response, get, post
from litestar.params import PathParameter
from litestar.status_codes import HTTP_200_OK
from litestar.types import ControllerRouterHandler
from msgspec import Meta

from domains.appointments import CalendarFeeds, FeedReading
from domains.shared.errors import NotFound
from domains.shared.wire import View

FileName = Annotated[str, PathParameter(), Meta(min_length=1, max_length=100)]
_ICALENDAR = "text/calendar"
_SUFFIX = ".ics"
_EXAMPLE = "https://api.example.com/api/v1/appointments/calendar/kTc0vSb2Jr1dY3Wk.ics"
FeedAddress = Annotated[str, Meta(max_length=500, examples=[_EXAMPLE])]


class PublicUrl(msgspec.Struct, frozen=True):
    """Where the world reaches this installation: `PUBLIC_URL`, and never where a request claims to have come to."""

    root: str


class CalendarFeedView(View, frozen=True):
    """Where one's own visits can be subscribed to; null, where that was not asked for yet."""

    url: FeedAddress | None


@get("/users/me/calendar-feed", tags=["Appointments"], description=CalendarFeeds.present.__doc__)
async def get_calendar_feed(public: FromDishka[PublicUrl], feeds: FromDishka[CalendarFeeds]) -> CalendarFeedView:
    token = await feeds.present()
    return CalendarFeedView(url=_url(public, token) if token else None)


@post("/users/me/calendar-feed", tags=["Appointments"], opt={"repeatable": False}, status_code=HTTP_200_OK,
      description=CalendarFeeds.renew.__doc__)  # fmt: skip
async def renew_calendar_feed(public: FromDishka[PublicUrl], feeds: FromDishka[CalendarFeeds]) -> CalendarFeedView:
    return CalendarFeedView(url=_url(public, await feeds.renew()))


@get("/appointments/calendar/{file_name:str}", tags=["Appointments"], opt={"public": True, "file": _ICALENDAR},
     media_type=_ICALENDAR, description=FeedReading.read.__doc__)  # fmt: skip
async def read_calendar_feed(file_name: FileName, reading: FromDishka[FeedReading]) -> Response[str]:
    if not file_name.endswith(_SUFFIX):
        raise NotFound.one("calendar")
    text = await reading.read(file_name.removesuffix(_SUFFIX))
    return Response(text, media_type=_ICALENDAR, headers={"Cache-Control": "private, no-store"})


def _url(public: PublicUrl, token: str) -> str:
    return f"{public.root}/api/v1/appointments/calendar/{token}{_SUFFIX}"


CALENDAR_FEED_ROUTES: Sequence[ControllerRouterHandler] = (
    get_calendar_feed,
    renew_calendar_feed,
    read_calendar_feed,
)

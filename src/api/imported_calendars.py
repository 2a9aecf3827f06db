"""Calendars that people keep elsewhere, over HTTP."""

from collections.abc import Sequence

from dishka.integrations.litestar import FromDishka
from litestar import Response, delete, get, post
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK
from litestar.types import ControllerRouterHandler

from api.etag import created, tagged
from api.parameters import Id
from api.problems import problems
from domains.appointments import CalendarImporting, ImportCalendar, ImportedCalendars, ImportedCalendarView
from domains.shared.limits import LimitName

_TAGS = ["Schedules"]
_OUTSIDE = {"limit": LimitName.INTEGRATION_TEST}
_OF_SOMEBODY = "/staff/{user_id:str}/calendars"
_ONE = "/staff/calendars/{calendar_id:str}"


@post(_OF_SOMEBODY, tags=_TAGS, opt=_OUTSIDE, responses=problems("already_exists", "conflict"),
      description=CalendarImporting.add.__doc__)  # fmt: skip
async def import_calendar(
    user_id: Id, data: JSONBody[ImportCalendar], importing: FromDishka[CalendarImporting]
) -> Response[ImportedCalendarView]:
    calendar = await importing.add(user_id, data)
    return created(calendar, location=f"/api/v1/staff/calendars/{calendar.id}")


@get(_OF_SOMEBODY, tags=_TAGS, description=CalendarImporting.every.__doc__)
async def list_imported_calendars(user_id: Id, importing: FromDishka[CalendarImporting]) -> ImportedCalendars:
    return await importing.every(user_id)


@get(_ONE, tags=_TAGS, description=CalendarImporting.one.__doc__)
async def get_imported_calendar(
    calendar_id: Id, importing: FromDishka[CalendarImporting]
) -> Response[ImportedCalendarView]:
    return tagged(await importing.one(calendar_id))


@post(f"{_ONE}/refresh", tags=_TAGS, opt=_OUTSIDE, status_code=HTTP_200_OK,
      description=CalendarImporting.refresh.__doc__)  # fmt: skip
async def refresh_imported_calendar(
    calendar_id: Id, importing: FromDishka[CalendarImporting]
) -> Response[ImportedCalendarView]:
    return tagged(await importing.refresh(calendar_id))


@delete(_ONE, tags=_TAGS, description=CalendarImporting.remove.__doc__)
async def remove_imported_calendar(calendar_id: Id, importing: FromDishka[CalendarImporting]) -> None:
    await importing.remove(calendar_id)


IMPORTED_CALENDAR_ROUTES: Sequence[ControllerRouterHandler] = (
    import_calendar,
    list_imported_calendars,
    get_imported_calendar,
    refresh_imported_calendar,
    remove_imported_calendar,
)

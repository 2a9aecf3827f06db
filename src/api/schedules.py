"""When people work, and how the business lets itself be booked, over HTTP."""

from collections.abc import Sequence

from dishka.integrations.litestar import FromDishka
from litestar import Response, get, patch, put
from litestar.params import JSONBody
from litestar.types import ControllerRouterHandler

from api.etag import IfMatch, expected_versions, tagged
from api.parameters import Id
from domains.appointments import (
    ChangePolicy,
    PolicyView,
    ScheduleKeeping,
    ScheduleQueries,
    SetHours,
    SetTimeOff,
    StaffHoursView,
    StaffTimeOffView,
)


@get("/staff/{user_id:str}/hours", tags=["Schedules"])
async def get_staff_hours(user_id: Id, query: FromDishka[ScheduleQueries]) -> Response[StaffHoursView]:
    """Show when somebody works. `hours` is null for one who works when the business is open."""
    return tagged(await query.hours(user_id))


@put("/staff/{user_id:str}/hours", tags=["Schedules"], description=ScheduleKeeping.set_hours.__doc__)
async def set_staff_hours(
    user_id: Id, data: JSONBody[SetHours], keeping: FromDishka[ScheduleKeeping], if_match: IfMatch = None
) -> Response[StaffHoursView]:
    schedule = await keeping.set_hours(user_id, data, expected=expected_versions(if_match))
    return tagged(StaffHoursView.of(schedule))


@get("/staff/{user_id:str}/time-off", tags=["Schedules"])
async def get_staff_time_off(user_id: Id, query: FromDishka[ScheduleQueries]) -> Response[StaffTimeOffView]:
    """Show when somebody is away."""
    return tagged(await query.time_off(user_id))


@put("/staff/{user_id:str}/time-off", tags=["Schedules"], description=ScheduleKeeping.set_time_off.__doc__)
async def set_staff_time_off(
    user_id: Id, data: JSONBody[SetTimeOff], keeping: FromDishka[ScheduleKeeping], if_match: IfMatch = None
) -> Response[StaffTimeOffView]:
    schedule = await keeping.set_time_off(user_id, data, expected=expected_versions(if_match))
    return tagged(StaffTimeOffView.of(schedule))


@get("/appointments/policy", tags=["Schedules"])
async def get_booking_policy(query: FromDishka[ScheduleQueries]) -> Response[PolicyView]:
    """Show how the business lets itself be booked."""
    return tagged(await query.policy())


@patch("/appointments/policy", tags=["Schedules"], description=ScheduleKeeping.change_policy.__doc__)
async def change_booking_policy(
    data: JSONBody[ChangePolicy], keeping: FromDishka[ScheduleKeeping], if_match: IfMatch = None
) -> Response[PolicyView]:
    return tagged(PolicyView.of(await keeping.change_policy(data, expected=expected_versions(if_match))))


SCHEDULE_ROUTES: Sequence[ControllerRouterHandler] = (
    get_staff_hours,
    set_staff_hours,
    get_staff_time_off,
    set_staff_time_off,
    get_booking_policy,
    change_booking_policy,
)

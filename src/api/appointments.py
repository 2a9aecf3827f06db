"""Visits over HTTP: what is offered, what is booked, and what becomes of it."""

from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

from dishka.integrations.litestar import FromDishka
from litestar import Response, delete, get, patch, post
from litestar.params import JSONBody, QueryParameter
from litestar.types import ControllerRouterHandler
from msgspec import Meta

from api.etag import IfMatch, created, expected_versions, tagged
from api.paging import Cursors, Listing, ListOf
from api.parameters import CursorText, Id, IncludeTotal, Limit, OfCustomer
from api.periods import From, Period, To, period
from api.problems import problems
from domains.appointments import (
    AppointmentFilter,
    AppointmentQueries,
    AppointmentStatus,
    AppointmentView,
    AskAvailability,
    AvailabilityView,
    BookAppointment,
    Booking,
    CancelReason,
    ChangeAppointment,
    ChangeStatus,
    Offering,
    Scope,
)
from domains.shared.actor import Actor
from domains.shared.clock import TenantZone

Sort = Annotated[Literal["startsAt", "-startsAt", "createdAt", "-createdAt"], QueryParameter()]
ServiceId = Annotated[
    Annotated[UUID, Meta(examples=["0192f0c1-2b3c-7d4e-8f50-617283940a1b"])], QueryParameter(name="serviceId")
]
StaffFilter = Annotated[UUID | None, QueryParameter(name="staffId")]
StatusFilter = Annotated[AppointmentStatus | None, QueryParameter(name="status")]
Explain = Annotated[bool, QueryParameter()]
Reason = Annotated[CancelReason | None, QueryParameter()]
ScopeOfSeries = Annotated[Scope, QueryParameter(name="scope")]
_BOOKS = {
    "customerId": "0192f0c1-2b3c-7d4e-8f50-617283940a1b",
    "startsAt": "2026-11-23T14:00:00.000Z",
    "endsAt": "2026-11-23T15:00:00.000Z",
    "title": "Boiler inspection",
}


@get("/appointments/availability", tags=["Appointments"], responses=problems("not_found"),
     description=Offering.available.__doc__)  # fmt: skip
async def get_availability(
    offering: FromDishka[Offering], tenant: FromDishka[TenantZone], service_id: ServiceId, begin: From = None,
    end: To = None, staff_id: StaffFilter = None, explain: Explain = False,
) -> AvailabilityView:  # fmt: skip
    when = period(begin, end, await tenant.zone()) if begin or end else Period()
    return await offering.available(
        AskAvailability(service_id=service_id, start=when.start, end=when.end, staff_id=staff_id, explain=explain)
    )


@get("/appointments", tags=["Appointments"])
async def list_appointments(
    asker: FromDishka[Actor], query: FromDishka[AppointmentQueries], tenant: FromDishka[TenantZone],
    cursors: FromDishka[Cursors], sort: Sort = "startsAt", begin: From = None, end: To = None,
    staff_id: StaffFilter = None, customer_id: OfCustomer = None, status: StatusFilter = None,
    limit: Limit = 20, cursor: CursorText = None, include_total: IncludeTotal = False,
) -> ListOf[AppointmentView]:  # fmt: skip
    """List the visits of the business, as they begin. `from` and `to` are about the beginning."""
    when = period(begin, end, await tenant.zone()) if begin or end else Period()
    wanted = AppointmentFilter(
        start=when.start, end=when.end, staff_id=staff_id, customer_id=customer_id, status=status
    )
    listing = Listing.of("listAppointments", asker, sort=sort, filters=wanted)
    page = await query.page(wanted, cursors.wanted(listing, limit=limit, cursor=cursor, include_total=include_total))
    return cursors.shown(listing, page)


@post("/appointments", tags=["Appointments"], opt={"example": _BOOKS},
      responses=problems("conflict", "customer_merged", "not_found", "slot_taken"),
      description=Booking.book.__doc__)  # fmt: skip
async def book_appointment(data: JSONBody[BookAppointment], booking: FromDishka[Booking]) -> Response[AppointmentView]:
    visit = await booking.book(data)
    return created(AppointmentView.of(visit), location=f"/api/v1/appointments/{visit.id}")


@get("/appointments/{appointment_id:str}", tags=["Appointments"])
async def get_appointment(appointment_id: Id, query: FromDishka[AppointmentQueries]) -> Response[AppointmentView]:
    """Show one visit."""
    return tagged(await query.one(appointment_id))


@patch("/appointments/{appointment_id:str}", tags=["Appointments"],
       responses=problems("conflict", "slot_taken", "invalid_transition"),
       description=Booking.change.__doc__)  # fmt: skip
async def change_appointment(
    appointment_id: Id,
    data: JSONBody[ChangeAppointment],
    booking: FromDishka[Booking],
    of_series: ScopeOfSeries = Scope.ONE,
    if_match: IfMatch = None,
) -> Response[AppointmentView]:
    visit = await booking.change(appointment_id, data, expected=expected_versions(if_match), scope=of_series)
    return tagged(AppointmentView.of(visit))


@patch("/appointments/{appointment_id:str}/status", tags=["Appointments"], responses=problems("invalid_transition"),
       description=Booking.become.__doc__)  # fmt: skip
async def change_appointment_status(
    appointment_id: Id, data: JSONBody[ChangeStatus], booking: FromDishka[Booking], if_match: IfMatch = None
) -> Response[AppointmentView]:
    visit = await booking.become(appointment_id, data, expected=expected_versions(if_match))
    return tagged(AppointmentView.of(visit))


@delete("/appointments/{appointment_id:str}", tags=["Appointments"], responses=problems("invalid_transition"),
        description=Booking.cancel.__doc__)  # fmt: skip
async def cancel_appointment(
    appointment_id: Id,
    booking: FromDishka[Booking],
    reason: Reason = None,
    of_series: ScopeOfSeries = Scope.ONE,
    if_match: IfMatch = None,
) -> None:
    await booking.cancel(appointment_id, reason=reason, expected=expected_versions(if_match), scope=of_series)


APPOINTMENT_ROUTES: Sequence[ControllerRouterHandler] = (
    get_availability,
    list_appointments,
    book_appointment,
    get_appointment,
    change_appointment,
    change_appointment_status,
    cancel_appointment,
)

"""Visits, services, rooms, hours, and what strangers book."""

from domains.shared.permissions import Permission
from tests.security.http.operations.customers import customer
from tests.security.http.operations.known import Known, made
from tests.support.days import at
from tests.support.house import House
from tests.support.people import Tenant


async def service(house: House, tenant: Tenant) -> str:
    body = {"name": f"Of {tenant.slug}", "durationMinutes": 30, "bookableOnline": True}
    return await made(house, tenant, "/services", body)


async def _resource(house: House, tenant: Tenant) -> str:
    return await made(house, tenant, "/resources", {"name": f"Of {tenant.slug}", "kind": "room"})


async def _appointment(house: House, tenant: Tenant) -> str:
    times = {"startsAt": at("09:00"), "endsAt": at("10:00")}
    body = {"customerId": await customer(house, tenant), "title": f"Of {tenant.slug}", **times}
    return await made(house, tenant, "/appointments", body)


APPOINTMENTS = Known(
    permission_of={
        "archiveResource": Permission.SERVICES_WRITE,
        "archiveService": Permission.SERVICES_WRITE,
        "bookAppointment": Permission.APPOINTMENTS_WRITE,
        "bookOnline": None,
        "cancelAppointment": Permission.APPOINTMENTS_WRITE,
        "cancelOnlineBooking": None,
        "changeAppointment": Permission.APPOINTMENTS_WRITE,
        "changeAppointmentStatus": Permission.APPOINTMENTS_WRITE,
        "changeBookingPolicy": Permission.SCHEDULES_WRITE,
        "changeResource": Permission.SERVICES_WRITE,
        "changeService": Permission.SERVICES_WRITE,
        "createResource": Permission.SERVICES_WRITE,
        "createService": Permission.SERVICES_WRITE,
        "getAppointment": Permission.APPOINTMENTS_READ,
        "getAvailability": Permission.APPOINTMENTS_READ,
        "getBookingPolicy": Permission.SCHEDULES_READ,
        "getCalendarFeed": Permission.APPOINTMENTS_READ,
        "getOnlineAvailability": None,
        "getOnlineBooking": None,
        "getResource": Permission.SERVICES_READ,
        "getService": Permission.SERVICES_READ,
        "getStaffHours": Permission.SCHEDULES_READ,
        "getStaffTimeOff": Permission.SCHEDULES_READ,
        "listAppointments": Permission.APPOINTMENTS_READ,
        "listOnlineServices": None,
        "listResources": Permission.SERVICES_READ,
        "listServices": Permission.SERVICES_READ,
        "moveOnlineBooking": None,
        "readCalendarFeed": None,
        "renewCalendarFeed": Permission.APPOINTMENTS_WRITE,
        "setStaffHours": Permission.SCHEDULES_WRITE,
        "setStaffTimeOff": Permission.SCHEDULES_WRITE,
    },
    asks_more={"bookAppointment": "not_found", "getAvailability": "not_found"},
    makers={"appointmentId": _appointment, "resourceId": _resource, "serviceId": service},
    shown_in={
        "appointmentId": {"listAppointments", "listAuditLog"},
        "resourceId": {"listAuditLog", "listResources"},
        "serviceId": {"listAuditLog", "listServices"},
    },
)

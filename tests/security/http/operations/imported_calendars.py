"""Calendars that people keep elsewhere."""

from domains.shared.ids import new_id
from domains.shared.permissions import Permission
from tests.security.http.operations.known import Known, made
from tests.support.house import House
from tests.support.people import Tenant, new_person


async def _calendar(house: House, tenant: Tenant) -> str:
    somebody = (await new_person(house, tenant)).user
    url = f"https://calendar.example.com/{new_id().hex}.ics"
    return await made(house, tenant, f"/staff/{somebody}/calendars", {"url": url})


IMPORTED_CALENDARS = Known(
    permission_of={
        "getImportedCalendar": Permission.SCHEDULES_READ,
        "importCalendar": Permission.SCHEDULES_WRITE,
        "listImportedCalendars": Permission.SCHEDULES_READ,
        "refreshImportedCalendar": Permission.SCHEDULES_WRITE,
        "removeImportedCalendar": Permission.SCHEDULES_WRITE,
    },
    makers={"calendarId": _calendar},
    shown_in={"calendarId": {"listAuditLog"}},
)

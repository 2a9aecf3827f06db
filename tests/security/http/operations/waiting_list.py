"""Times that are held, and the waiting list."""

from domains.shared.permissions import Permission
from tests.security.http.operations.appointments import service
from tests.security.http.operations.customers import customer
from tests.security.http.operations.known import Known, made
from tests.support.house import House
from tests.support.people import Tenant


async def _place(house: House, tenant: Tenant) -> str:
    body = {
        "customerId": await customer(house, tenant),
        "serviceId": await service(house, tenant),
        "fromAt": "2099-12-01T09:00:00Z",
        "untilAt": "2099-12-01T10:00:00Z",
    }
    return await made(house, tenant, "/waiting-list", body)


WAITING_LIST = Known(
    permission_of={
        "acceptOfferedTime": None,
        "declineOfferedTime": None,
        "getHold": None,
        "getOnlinePlace": None,
        "getWaitingListPlace": Permission.APPOINTMENTS_READ,
        "holdTime": None,
        "joinWaitingList": Permission.APPOINTMENTS_WRITE,
        "leaveWaitingList": None,
        "listWaitingList": Permission.APPOINTMENTS_READ,
        "releaseHold": None,
        "removeFromWaitingList": Permission.APPOINTMENTS_WRITE,
        "waitOnline": None,
    },
    asks_more={"joinWaitingList": "not_found"},
    makers={"placeId": _place},
    shown_in={"placeId": {"listAuditLog", "listWaitingList"}},
)

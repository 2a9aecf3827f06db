"""People of a tenant and their profiles."""

from domains.shared.permissions import Permission
from tests.security.http.operations.known import Known
from tests.support.house import House
from tests.support.people import Tenant, new_person


async def _user(house: House, tenant: Tenant) -> str:
    return str((await new_person(house, tenant)).user)


USERS = Known(
    permission_of={
        "activateUser": Permission.USERS_MANAGE,
        "browseDirectory": Permission.USERS_READ,
        "changeProfile": Permission.PROFILE_WRITE,
        "changeUser": Permission.USERS_MANAGE,
        "eraseUser": Permission.USERS_MANAGE,
        "exportOwnData": Permission.PROFILE_EXPORT,
        "getProfile": Permission.PROFILE_READ,
        "getUser": Permission.USERS_READ,
        "listUsers": Permission.USERS_MANAGE,
        "searchUsers": Permission.USERS_READ,
        "setStatus": Permission.PROFILE_WRITE,
        "suspendUser": Permission.USERS_MANAGE,
    },
    makers={"userId": _user},
    shown_in={"userId": {"browseDirectory", "listUsers"}},
)

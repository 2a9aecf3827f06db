"""The operations of the running application, from its own OpenAPI document, ready to be called by anybody."""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import msgspec

from domains.shared.permissions import Permission
from tests.support.house import BASE_URL, House
from tests.support.people import Person, Tenant, new_person

Json = dict[str, Any]

PERMISSION_OF: dict[str, Permission | None] = {
    "activateUser": Permission.USERS_MANAGE,
    "addCustomerNote": Permission.CUSTOMERS_WRITE,
    "archiveCustomer": Permission.CUSTOMERS_WRITE,
    "browseDirectory": Permission.USERS_READ,
    "changeCustomer": Permission.CUSTOMERS_WRITE,
    "changeProfile": Permission.PROFILE_WRITE,
    "changeUser": Permission.USERS_MANAGE,
    "createCustomer": Permission.CUSTOMERS_WRITE,
    "eraseUser": Permission.USERS_MANAGE,
    "getCustomer": Permission.CUSTOMERS_READ,
    "getHealth": None,
    "getLiveness": None,
    "getProfile": Permission.PROFILE_READ,
    "getReadiness": None,
    "getUser": Permission.USERS_READ,
    "leaveTenant": Permission.PROFILE_WRITE,
    "listAuditLog": Permission.AUDIT_READ,
    "listAlerts": Permission.OPERATIONS_READ,
    "issueSocketTicket": Permission.PROFILE_READ,
    "listCustomerTimeline": Permission.CUSTOMERS_READ,
    "listCustomers": Permission.CUSTOMERS_READ,
    "listUsers": Permission.USERS_MANAGE,
    "login": None,
    "register": None,
    "resendVerification": None,
    "searchUsers": Permission.USERS_READ,
    "setStatus": Permission.PROFILE_WRITE,
    "verifyAuditLog": Permission.AUDIT_READ,
    "showMetrics": Permission.OPERATIONS_READ,
    "streamEvents": Permission.PROFILE_READ,
    "suspendUser": Permission.USERS_MANAGE,
    "verifyEmail": None,
    "whoAmI": Permission.PROFILE_READ,
}
"""What each operation needs; `None` is public. One that is missing here fails the build."""


ASKS_MORE_THAN_A_PERMISSION = {"leaveTenant": "invalid_credentials"}
"""What an operation answers to its example by somebody who has the permission: the people of tests have no password."""


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One operation, and an example of its body."""

    id: str
    method: str
    path: str
    body: Json | None
    query: dict[str, str]
    headers: dict[str, str]
    is_public: bool
    lists: bool

    @property
    def ids(self) -> list[str]:
        """The names of the ids in its path: `customerId`."""
        return re.findall(r"\{(\w+)\}", self.path)

    def at(self, ids: dict[str, str]) -> str:
        """The address with ids filled in."""
        return re.sub(r"\{(\w+)\}", lambda found: ids[found[1]], self.path)


async def operations_of(house: House) -> list[Operation]:
    """All that the document names."""
    async with anybody(house) as client:
        document = (await client.get("/openapi.json")).json()
    return [
        _operation(document, path, method, entry)
        for path, entries in document["paths"].items()
        for method, entry in entries.items()
    ]


def _operation(document: Json, path: str, method: str, entry: Json) -> Operation:
    content = entry.get("requestBody", {}).get("content", {}).get("application/json", {})
    shown = entry["responses"].get("200", {}).get("content", {}).get("application/json", {}).get("schema", {})
    shown = document["components"]["schemas"].get(shown.get("$ref", "").rpartition("/")[2], shown)
    return Operation(
        id=entry["operationId"],
        method=method.upper(),
        path=path,
        body=content.get("example"),
        query=_required(entry, "query"),
        headers=_required(entry, "header"),
        is_public=entry.get("security") == [],
        lists="nextCursor" in json.dumps(shown.get("properties", {})),
    )


def _required(entry: Json, place: str) -> dict[str, str]:
    """Examples of the parameters without which the operation is refused."""
    found = [each for each in entry.get("parameters", []) if each["in"] == place and each.get("required")]
    return {each["name"]: str(each["schema"]["examples"][0]) for each in found}


def anybody(house: House) -> httpx.AsyncClient:
    """A client at the root, with no credential."""
    client = house.client()
    client.base_url = httpx.URL(BASE_URL)
    return client


async def call(
    house: House, person: Person | None, operation: Operation, ids: dict[str, str], **kwargs: Any
) -> httpx.Response:
    """Call it with its example as the body."""
    headers = {**operation.headers, **({"Authorization": f"Bearer {person.token}"} if person else {})}
    body = {} if operation.body is None else {"json": operation.body}
    async with anybody(house) as client:
        given = {"headers": headers, "params": operation.query, **body, **kwargs}
        return await client.request(operation.method, operation.at(ids), **given)


async def _customer(house: House, tenant: Tenant) -> str:
    async with house.client(tenant.owner.token) as client:
        return str((await client.post("/customers", json={"name": f"Of {tenant.slug}"})).json()["id"])


async def _user(house: House, tenant: Tenant) -> str:
    return str((await new_person(house, tenant)).user)


MAKERS: dict[str, Callable[[House, Tenant], Awaitable[str]]] = {"customerId": _customer, "userId": _user}
"""How a tenant comes by one of what an id names."""


async def ids_in(house: House, tenant: Tenant, operation: Operation) -> dict[str, str]:
    """Fresh ids of the tenant's own for all that the operation's path names."""
    return {name: await MAKERS[name](house, tenant) for name in operation.ids}

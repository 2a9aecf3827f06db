"""The operations of the running application, from its own OpenAPI document, ready to be called by anybody."""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import msgspec

from domains.shared.permissions import Permission
from tests.support.house import BASE_URL, House
from tests.support.people import Person, Tenant

Json = dict[str, Any]

PERMISSION_OF: dict[str, Permission | None] = {
    "addCustomerNote": Permission.CUSTOMERS_WRITE,
    "archiveCustomer": Permission.CUSTOMERS_WRITE,
    "changeCustomer": Permission.CUSTOMERS_WRITE,
    "createCustomer": Permission.CUSTOMERS_WRITE,
    "getCustomer": Permission.CUSTOMERS_READ,
    "getHealth": None,
    "getLiveness": None,
    "getReadiness": None,
    "listAuditLog": Permission.AUDIT_READ,
    "listAlerts": Permission.OPERATIONS_READ,
    "issueSocketTicket": Permission.PROFILE_READ,
    "listCustomerTimeline": Permission.CUSTOMERS_READ,
    "listCustomers": Permission.CUSTOMERS_READ,
    "login": None,
    "register": None,
    "resendVerification": None,
    "verifyAuditLog": Permission.AUDIT_READ,
    "showMetrics": Permission.OPERATIONS_READ,
    "streamEvents": Permission.PROFILE_READ,
    "verifyEmail": None,
    "whoAmI": Permission.PROFILE_READ,
}
"""What each operation needs; `None` is public. One that is missing here fails the build."""


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One operation, and an example of its body."""

    id: str
    method: str
    path: str
    body: Json | None
    is_public: bool
    lists: bool
    queries: list[str]

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
        is_public=entry.get("security") == [],
        queries=[each["name"] for each in entry.get("parameters", ()) if each["in"] == "query"],
        lists="nextCursor" in json.dumps(shown.get("properties", {})),
    )


def anybody(house: House) -> httpx.AsyncClient:
    """A client at the root, with no credential."""
    client = house.client()
    client.base_url = httpx.URL(BASE_URL)
    return client


async def call(
    house: House, person: Person | None, operation: Operation, ids: dict[str, str], **kwargs: Any
) -> httpx.Response:
    """Call it with its example as the body."""
    headers = {"Authorization": f"Bearer {person.token}"} if person else {}
    body = {} if operation.body is None else {"json": operation.body}
    async with anybody(house) as client:
        return await client.request(operation.method, operation.at(ids), **{"headers": headers, **body, **kwargs})


async def _customer(house: House, tenant: Tenant) -> str:
    async with house.client(tenant.owner.token) as client:
        return str((await client.post("/customers", json={"name": f"Of {tenant.slug}"})).json()["id"])


MAKERS: dict[str, Callable[[House, Tenant], Awaitable[str]]] = {"customerId": _customer}
"""How a tenant comes by one of what an id names."""


async def ids_in(house: House, tenant: Tenant, operation: Operation) -> dict[str, str]:
    """Fresh ids of the tenant's own for all that the operation's path names."""
    return {name: await MAKERS[name](house, tenant) for name in operation.ids}

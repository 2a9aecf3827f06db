"""The operations of the running application, from its own OpenAPI document, ready to be called by anybody.

What the document does not tell stands in one file for each domain, listed in `DOMAINS`.
"""

import re
from typing import Any

import httpx
import msgspec

from tests.security.http.operations.appointments import APPOINTMENTS
from tests.security.http.operations.customers import CUSTOMERS
from tests.security.http.operations.identity import IDENTITY
from tests.security.http.operations.imported_calendars import IMPORTED_CALENDARS
from tests.security.http.operations.invoices import INVOICES
from tests.security.http.operations.known import Json
from tests.security.http.operations.payments import PAYMENTS
from tests.security.http.operations.platform import PLATFORM
from tests.security.http.operations.price_list import PRICE_LIST
from tests.security.http.operations.quotes import QUOTES
from tests.security.http.operations.tenants import TENANTS
from tests.security.http.operations.users import USERS
from tests.security.http.operations.waiting_list import WAITING_LIST
from tests.support.house import BASE_URL, House
from tests.support.openapi import spelled_out
from tests.support.people import Person, Tenant, another_session

DOMAINS = [
    APPOINTMENTS,
    CUSTOMERS,
    IDENTITY,
    IMPORTED_CALENDARS,
    INVOICES,
    PAYMENTS,
    PLATFORM,
    PRICE_LIST,
    QUOTES,
    TENANTS,
    USERS,
    WAITING_LIST,
]

PERMISSION_OF = {name: need for known in DOMAINS for name, need in known.permission_of.items()}
ASKS_MORE = {name: code for known in DOMAINS for name, code in known.asks_more.items()}
MAKERS = {name: make for known in DOMAINS for name, make in known.makers.items()}
PERSONAL_MAKERS = {name: make for known in DOMAINS for name, make in known.personal_makers.items()}
SHOWN_IN = {name: lists for known in DOMAINS for name, lists in known.shown_in.items()}

NO_TOKEN = "x" * 43
ENDING = {"logOut", "switchTenant"}
"""What ends the session in which it is called, or opens others beside it."""


def is_let_in(operation: "Operation", answer: httpx.Response) -> bool:
    """Whether a call with the example came past the permission."""
    if operation.id in ASKS_MORE:
        return bool(answer.json()["code"] == ASKS_MORE[operation.id])
    return answer.is_success


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
    queries: list[str]
    texts: list[str]
    """Of its queries, those that take any text."""

    @property
    def ids(self) -> list[str]:
        """The names of the ids in its path: `customerId`."""
        return re.findall(r"\{(\w+Id)\}", self.path)

    @property
    def secrets(self) -> list[str]:
        """The names of all else in its path: `token`, `tenantSlug`."""
        return [name for name in re.findall(r"\{(\w+)\}", self.path) if name not in self.ids]

    def at(self, ids: dict[str, str]) -> str:
        """The address with ids filled in; any other part is a secret that nobody has."""
        return re.sub(r"\{(\w+)\}", lambda found: ids.get(found[1], NO_TOKEN), self.path)


async def operations_of(house: House) -> list[Operation]:
    """All that the document names."""
    async with anybody(house) as client:
        document = spelled_out((await client.get("/openapi.json")).json())
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
        lists="nextCursor" in shown.get("properties", {}) and _has_cursor(entry),
        queries=[each["name"] for each in _queries(entry)],
        texts=[each["name"] for each in _queries(entry) if _is_any_text(each["schema"])],
    )


def _queries(entry: Json) -> list[Json]:
    return [each for each in entry.get("parameters", ()) if each["in"] == "query"]


def _is_any_text(schema: Json) -> bool:
    return schema.get("type") == "string" and not {"format", "pattern", "enum"} & schema.keys()


def _has_cursor(entry: Json) -> bool:
    return any(parameter["name"] == "cursor" for parameter in entry.get("parameters", []))


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
    """Call it with its example as the body; what ends sessions, in one that nobody else needs."""
    if person and operation.id in ENDING:
        person = await another_session(house, person)
    headers = {**operation.headers, **({"Authorization": f"Bearer {person.token}"} if person else {})}
    body = {}
    if operation.body is not None and "json" not in kwargs:
        body = {"json": {**operation.body, **await own_ids(house, operation, person)}}
    async with anybody(house) as client:
        given = {"headers": headers, "params": operation.query, **body, **kwargs}
        return await client.request(operation.method, operation.at(ids), **given)


async def own_ids(house: House, operation: Operation, person: Person | None) -> dict[str, str]:
    """The ids in its body, in place of the example's: the person's own, where the person may make one."""
    named = {"tenantId": str(person.tenant)} if person else {}
    if person and operation.id == "mergeCustomer":
        async with house.client(person.token) as client:
            made = await client.post("/customers", json={"name": "Who stays"})
        named |= {"into": made.json()["id"]} if made.is_success else {}
    return {name: value for name, value in named.items() if name in (operation.body or {})}


async def ids_in(house: House, tenant: Tenant, operation: Operation, person: Person | None = None) -> dict[str, str]:
    """Fresh ids of the tenant's own, or the person's, for all that the operation's path names."""
    whose = person or tenant.owner
    return {
        name: await (PERSONAL_MAKERS[name](house, whose) if name in PERSONAL_MAKERS else MAKERS[name](house, tenant))
        for name in operation.ids
    }

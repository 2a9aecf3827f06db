"""The operations of the running application, from its own OpenAPI document, ready to be called by anybody."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import msgspec

from domains.shared.ids import new_id
from domains.shared.permissions import Permission
from tests.support.house import BASE_URL, House
from tests.support.jobs import own_job
from tests.support.people import Person, Tenant, another_session, new_person

Json = dict[str, Any]

PERMISSION_OF: dict[str, Permission | None] = {
    "acceptInvitation": None,
    "acceptOffer": None,
    "activateUser": Permission.USERS_MANAGE,
    "addCustomerNote": Permission.CUSTOMERS_WRITE,
    "archiveCustomer": Permission.CUSTOMERS_WRITE,
    "archiveResource": Permission.SERVICES_WRITE,
    "archiveService": Permission.SERVICES_WRITE,
    "bookAppointment": Permission.APPOINTMENTS_WRITE,
    "bookOnline": None,
    "browseDirectory": Permission.USERS_READ,
    "cancelAppointment": Permission.APPOINTMENTS_WRITE,
    "cancelJob": Permission.JOBS_WRITE,
    "cancelOnlineBooking": None,
    "changeAppointment": Permission.APPOINTMENTS_WRITE,
    "changeAppointmentStatus": Permission.APPOINTMENTS_WRITE,
    "changeBookingPolicy": Permission.SCHEDULES_WRITE,
    "changeCustomer": Permission.CUSTOMERS_WRITE,
    "changeCustomerField": Permission.CUSTOMER_FIELDS_WRITE,
    "changeEmail": Permission.ACCOUNT_WRITE,
    "changeFeatures": Permission.FEATURES_WRITE,
    "changePassword": Permission.ACCOUNT_WRITE,
    "changeProfile": Permission.PROFILE_WRITE,
    "changeQuote": Permission.QUOTES_WRITE,
    "changeQuoteStatus": Permission.QUOTES_WRITE,
    "changeResource": Permission.SERVICES_WRITE,
    "changeService": Permission.SERVICES_WRITE,
    "changeTenant": Permission.TENANT_WRITE,
    "changeUser": Permission.USERS_MANAGE,
    "closeTenant": Permission.TENANT_DELETE,
    "confirmEmailChange": None,
    "confirmTwoFactor": Permission.ACCOUNT_WRITE,
    "connectAi": Permission.INTEGRATIONS_WRITE,
    "connectGoogle": Permission.INTEGRATIONS_WRITE,
    "connectSmtp": Permission.INTEGRATIONS_WRITE,
    "connectStripe": Permission.INTEGRATIONS_WRITE,
    "connectTranslation": Permission.INTEGRATIONS_WRITE,
    "connectTwilio": Permission.INTEGRATIONS_WRITE,
    "connectVapi": Permission.INTEGRATIONS_WRITE,
    "createApiKey": Permission.API_KEYS_WRITE,
    "createCustomer": Permission.CUSTOMERS_WRITE,
    "createInvitation": Permission.INVITATIONS_WRITE,
    "createQuote": Permission.QUOTES_WRITE,
    "createResource": Permission.SERVICES_WRITE,
    "createService": Permission.SERVICES_WRITE,
    "defineCustomerField": Permission.CUSTOMER_FIELDS_WRITE,
    "deleteQuote": Permission.QUOTES_WRITE,
    "disableTwoFactor": Permission.ACCOUNT_WRITE,
    "disconnectAi": Permission.INTEGRATIONS_WRITE,
    "disconnectGoogle": Permission.INTEGRATIONS_WRITE,
    "disconnectSmtp": Permission.INTEGRATIONS_WRITE,
    "disconnectStripe": Permission.INTEGRATIONS_WRITE,
    "disconnectTranslation": Permission.INTEGRATIONS_WRITE,
    "disconnectTwilio": Permission.INTEGRATIONS_WRITE,
    "disconnectVapi": Permission.INTEGRATIONS_WRITE,
    "enableTwoFactor": Permission.ACCOUNT_WRITE,
    "endSession": Permission.SESSIONS_WRITE,
    "eraseCustomer": Permission.CUSTOMERS_ERASE,
    "eraseUser": Permission.USERS_MANAGE,
    "exportCustomers": Permission.CUSTOMERS_EXPORT,
    "exportOwnData": Permission.PROFILE_EXPORT,
    "exportTenant": Permission.TENANT_EXPORT,
    "forgotPassword": None,
    "foundTenant": Permission.ACCOUNT_WRITE,
    "getAi": Permission.INTEGRATIONS_READ,
    "getAppointment": Permission.APPOINTMENTS_READ,
    "getAvailability": Permission.APPOINTMENTS_READ,
    "getBookingPolicy": Permission.SCHEDULES_READ,
    "getCalendarFeed": Permission.APPOINTMENTS_READ,
    "getCustomer": Permission.CUSTOMERS_READ,
    "getFeatures": Permission.FEATURES_READ,
    "getGoogle": Permission.INTEGRATIONS_READ,
    "getHealth": None,
    "getJob": Permission.JOBS_READ,
    "getJobFile": Permission.JOBS_READ,
    "getLiveness": None,
    "getOnlineAvailability": None,
    "getOnlineBooking": None,
    "getProfile": Permission.PROFILE_READ,
    "getQuote": Permission.QUOTES_READ,
    "getQuotePdf": Permission.QUOTES_READ,
    "getReadiness": None,
    "getResource": Permission.SERVICES_READ,
    "getService": Permission.SERVICES_READ,
    "getSmtp": Permission.INTEGRATIONS_READ,
    "getStaffHours": Permission.SCHEDULES_READ,
    "getStaffTimeOff": Permission.SCHEDULES_READ,
    "getStripe": Permission.INTEGRATIONS_READ,
    "getTenant": Permission.TENANT_READ,
    "getTranslation": Permission.INTEGRATIONS_READ,
    "getTwilio": Permission.INTEGRATIONS_READ,
    "getUsage": Permission.USAGE_READ,
    "getUser": Permission.USERS_READ,
    "getVapi": Permission.INTEGRATIONS_READ,
    "importCustomers": Permission.CUSTOMERS_IMPORT,
    "issueSocketTicket": Permission.PROFILE_READ,
    "joinTenant": Permission.ACCOUNT_WRITE,
    "leaveTenant": Permission.PROFILE_WRITE,
    "listAlerts": Permission.OPERATIONS_READ,
    "listApiKeys": Permission.API_KEYS_READ,
    "listAppointments": Permission.APPOINTMENTS_READ,
    "listAuditLog": Permission.AUDIT_READ,
    "listCustomerFields": Permission.CUSTOMERS_READ,
    "listCustomerTags": Permission.CUSTOMERS_READ,
    "listCustomerTimeline": Permission.CUSTOMERS_READ,
    "listCustomers": Permission.CUSTOMERS_READ,
    "listDuplicates": Permission.CUSTOMERS_READ,
    "listImportFaults": Permission.CUSTOMERS_IMPORT,
    "listIntegrations": Permission.INTEGRATIONS_READ,
    "listInvitations": Permission.INVITATIONS_READ,
    "listJobs": Permission.JOBS_READ,
    "listOnlineServices": None,
    "listQuotes": Permission.QUOTES_READ,
    "listResources": Permission.SERVICES_READ,
    "listServices": Permission.SERVICES_READ,
    "listSessions": Permission.SESSIONS_READ,
    "listUsers": Permission.USERS_MANAGE,
    "logOut": Permission.SESSIONS_WRITE,
    "login": None,
    "mergeCustomer": Permission.CUSTOMERS_WRITE,
    "moveOnlineBooking": None,
    "readCalendarFeed": None,
    "refreshSession": None,
    "register": None,
    "rejectOffer": None,
    "removeCustomerField": Permission.CUSTOMER_FIELDS_WRITE,
    "renewCalendarFeed": Permission.APPOINTMENTS_WRITE,
    "renewRecoveryCodes": Permission.ACCOUNT_WRITE,
    "resendInvitation": Permission.INVITATIONS_WRITE,
    "resendVerification": None,
    "resetPassword": None,
    "restoreCustomer": Permission.CUSTOMERS_WRITE,
    "restoreTenant": Permission.TENANT_DELETE,
    "revokeApiKey": Permission.API_KEYS_WRITE,
    "revokeInvitation": Permission.INVITATIONS_WRITE,
    "searchUsers": Permission.USERS_READ,
    "sendQuote": Permission.QUOTES_WRITE,
    "setStaffHours": Permission.SCHEDULES_WRITE,
    "setStaffTimeOff": Permission.SCHEDULES_WRITE,
    "setStatus": Permission.PROFILE_WRITE,
    "showMetrics": Permission.OPERATIONS_READ,
    "showOffer": None,
    "stopEmailChange": None,
    "streamEvents": Permission.PROFILE_READ,
    "suspendUser": Permission.USERS_MANAGE,
    "switchTenant": Permission.SESSIONS_WRITE,
    "testAi": Permission.INTEGRATIONS_WRITE,
    "testGoogle": Permission.INTEGRATIONS_WRITE,
    "testSmtp": Permission.INTEGRATIONS_WRITE,
    "testStripe": Permission.INTEGRATIONS_WRITE,
    "testTranslation": Permission.INTEGRATIONS_WRITE,
    "testTwilio": Permission.INTEGRATIONS_WRITE,
    "testVapi": Permission.INTEGRATIONS_WRITE,
    "unmergeCustomer": Permission.CUSTOMERS_WRITE,
    "verifyAuditLog": Permission.AUDIT_READ,
    "verifyEmail": None,
    "whoAmI": Permission.PROFILE_READ,
}
"""What each operation needs; `None` is public. One that is missing here fails the build."""


NO_TOKEN = "x" * 43
ASKS_MORE = {
    "bookAppointment": "not_found",
    "changeEmail": "invalid_credentials",
    "changePassword": "invalid_credentials",
    "confirmTwoFactor": "conflict",
    "createQuote": "not_found",
    "disableTwoFactor": "conflict",
    "enableTwoFactor": "invalid_credentials",
    "getAvailability": "not_found",
    "importCustomers": "unsupported_media_type",
    "joinTenant": "forbidden",
    "leaveTenant": "invalid_credentials",
    "renewRecoveryCodes": "conflict",
    "unmergeCustomer": "conflict",
}
"""What needs more than a permission and its example, and with which code the example alone is answered."""


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

    @property
    def ids(self) -> list[str]:
        """The names of the ids in its path: `customerId`."""
        return re.findall(r"\{(\w+Id)\}", self.path)

    def at(self, ids: dict[str, str]) -> str:
        """The address with ids filled in; any other part is a secret that nobody has."""
        return re.sub(r"\{(\w+)\}", lambda found: ids.get(found[1], NO_TOKEN), self.path)


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
        lists="nextCursor" in shown.get("properties", {}) and _has_cursor(entry),
        queries=[each["name"] for each in entry.get("parameters", ()) if each["in"] == "query"],
    )


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


async def _made(house: House, tenant: Tenant, path: str, body: Json) -> str:
    async with house.client(tenant.owner.token) as client:
        return str((await client.post(path, json=body)).json()["id"])


async def _customer(house: House, tenant: Tenant) -> str:
    return await _made(house, tenant, "/customers", {"name": "Ada", "emails": [f"{new_id().hex}@example.com"]})


async def _quote(house: House, tenant: Tenant) -> str:
    body = {"customerId": await _customer(house, tenant), "items": [{"description": "Work", "unitPrice": 100}]}
    return await _made(house, tenant, "/quotes", body)


async def _field(house: House, tenant: Tenant) -> str:
    body = {"key": f"of{new_id().hex}", "label": "A field", "type": "text"}
    return await _made(house, tenant, "/customers/fields", body)


async def _key(house: House, tenant: Tenant) -> str:
    return await _made(house, tenant, "/api-keys", {"name": f"Of {tenant.slug}", "scopes": ["customers:read"]})


async def _session(house: House, person: Person) -> str:
    return str((await another_session(house, person)).session)


async def _invitation(house: House, tenant: Tenant) -> str:
    body = {"email": f"{new_id().hex}@example.com", "role": "member"}
    return await _made(house, tenant, "/admin/invitations", body)


async def _import(house: House, tenant: Tenant) -> str:
    async with house.client(tenant.owner.token) as client:
        begun = await client.post("/customers/import", content=b"Name\nAda\n", headers={"Content-Type": "text/csv"})
    return str(begun.json()["id"])


async def _user(house: House, tenant: Tenant) -> str:
    return str((await new_person(house, tenant)).user)


async def _service(house: House, tenant: Tenant) -> str:
    body = {"name": f"Of {tenant.slug}", "durationMinutes": 30, "bookableOnline": True}
    return await _made(house, tenant, "/services", body)


async def _resource(house: House, tenant: Tenant) -> str:
    return await _made(house, tenant, "/resources", {"name": f"Of {tenant.slug}", "kind": "room"})


async def _appointment(house: House, tenant: Tenant) -> str:
    times = {"startsAt": "2026-12-01T09:00:00Z", "endsAt": "2026-12-01T10:00:00Z"}
    body = {"customerId": await _customer(house, tenant), "title": f"Of {tenant.slug}", **times}
    return await _made(house, tenant, "/appointments", body)


MAKERS: dict[str, Callable[[House, Tenant], Awaitable[str]]] = {
    "customerId": _customer,
    "importId": _import,
    "apiKeyId": _key,
    "fieldId": _field,
    "appointmentId": _appointment,
    "resourceId": _resource,
    "serviceId": _service,
    "invitationId": _invitation,
    "quoteId": _quote,
    "userId": _user,
}
"""How a tenant comes by one of what an id names."""

PERSONAL_MAKERS: dict[str, Callable[[House, Person], Awaitable[str]]] = {
    "jobId": own_job,
    "sessionId": _session,
}
"""How a person comes by one of what belongs to nobody else."""

ENDING = {"logOut", "switchTenant"}
"""What ends the session in which it is called, or opens others beside it."""

SHOWN_IN = {
    "apiKeyId": {"listApiKeys", "listAuditLog"},
    "appointmentId": {"listAppointments", "listAuditLog"},
    "customerId": {"listAuditLog", "listCustomers"},
    "fieldId": {"listAuditLog"},
    "invitationId": {"listAuditLog", "listInvitations"},
    "importId": {"listAuditLog", "listJobs"},
    "jobId": {"listJobs"},
    "resourceId": {"listAuditLog", "listResources"},
    "serviceId": {"listAuditLog", "listServices"},
    "quoteId": {"listAuditLog", "listQuotes"},
    "userId": {"browseDirectory", "listUsers"},
}
"""The lists that show what an id names."""


async def ids_in(house: House, tenant: Tenant, operation: Operation, person: Person | None = None) -> dict[str, str]:
    """Fresh ids of the tenant's own, or the person's, for all that the operation's path names."""
    whose = person or tenant.owner
    return {
        name: await (PERSONAL_MAKERS[name](house, whose) if name in PERSONAL_MAKERS else MAKERS[name](house, tenant))
        for name in operation.ids
    }

"""What the API takes and shows of people, field by field, as its own OpenAPI document says it."""

from collections.abc import Set as AbstractSet
from typing import Any

import pytest

from api.openapi import openapi_document
from frontdesk.asgi import application
from tests.api.test_openapi import EDGE
from tests.api.toy import container_with
from tests.support.openapi import spelled_out

Json = dict[str, Any]
BASE = "/api/v1"


def _fields(names: str) -> frozenset[str]:
    return frozenset(names.split())


OWN = _fields("id version createdAt updatedAt")
USER = OWN | _fields(
    "email username displayName firstName lastName role memberType memberSince company title phone "
    "address location bio website linkedin skills certifications avatarUrl status statusMessage "
    "lastSeenAt preferredLanguage timezone preferences notificationPreferences emailVerified isActive"
)
OF_OTHERS = USER - {"preferences", "notificationPreferences", "emailVerified"}
PROFILE = _fields(
    "firstName lastName displayName username company title phone address bio website linkedin skills "
    "certifications preferredLanguage timezone preferences notificationPreferences fieldVisibility "
    "location"
)
TENANT = OWN | {"slug", "name", "timezone", "currency", "locale"}
MEMBERSHIP = {"id", "slug", "name", "role"}
TOKENS = {"accessToken", "refreshToken", "tokenType", "expiresIn"}
SIGNED_IN = TOKENS | {"user", "tenant", "tenants"}
KEY = _fields("id name prefix scopes createdBy status lastUsedAt expiresAt createdAt")
SESSION = _fields("id current tenant device ip agent createdAt lastUsedAt expiresAt")
REGISTER = _fields(
    "tenantName tenantSlug email password displayName username phone preferredLanguage timezone currency "
    "firstName lastName company title agreeToTerms"
)

ANSWERS: dict[tuple[str, str], Json] = {
    ("post", "/auth/login"): {"": SIGNED_IN, "user": USER, "tenant": TENANT, "tenants[]": MEMBERSHIP},
    ("post", "/auth/verify-email"): {"": SIGNED_IN, "user": USER},
    ("post", "/auth/switch-tenant"): {"": SIGNED_IN, "user": USER},
    ("post", "/auth/invitations/{token}/accept"): {"": SIGNED_IN, "user": USER},
    ("post", "/auth/refresh"): {"": TOKENS},
    ("post", "/auth/register"): {"": {"verificationRequired"}},
    ("get", "/auth/me"): {
        "": {"user", "tenant", "tenants", "twoFactor"},
        "user": USER,
        "tenant": TENANT,
        "tenants[]": MEMBERSHIP,
        "twoFactor": {"enabled", "methods", "recoveryCodesLeft"},
    },
    ("get", "/auth/sessions"): {"": {"items", "nextCursor"}, "items[]": SESSION},
    ("post", "/auth/2fa/enable"): {"": {"method", "secret", "otpauthUri"}},
    ("post", "/auth/2fa/confirm"): {"": {"recoveryCodes"}},
    ("get", "/users/me"): {
        "": USER | {"fieldVisibility"},
        "address": {"street", "city", "state", "zipCode", "country"},
        "certifications[]": {"name", "issuer", "issueDate", "expiryDate"},
        "preferences": {"notifications", "soundEnabled"},
        "notificationPreferences": {"email", "sms", "push"},
    },
    ("patch", "/users/me"): {"": USER | {"fieldVisibility"}},
    ("put", "/users/me/status"): {"": USER | {"fieldVisibility"}},
    ("get", "/users/{userId}"): {"": OF_OTHERS},
    ("get", "/users/search"): {
        "": {"items", "nextCursor"},
        "items[]": _fields(
            "id username displayName title company email phone avatarUrl status statusMessage lastSeenAt "
            "preferredLanguage"
        ),
    },
    ("get", "/users/directory"): {
        "": {"items", "nextCursor", "total"},
        "items[]": _fields(
            "id displayName firstName lastName memberType memberSince company title location city state skills "
            "avatarUrl status"
        ),
    },
    ("get", "/admin/users"): {
        "": {"items", "nextCursor", "total"},
        "items[]": OF_OTHERS | {"emailVerified", "suspendedAt", "suspensionReason", "lastLoginAt", "openSessions"},
    },
    ("patch", "/admin/users/{userId}"): {"": OF_OTHERS | {"emailVerified", "suspendedAt", "suspensionReason"}},
    ("post", "/api-keys"): {"": KEY | {"key"}},
    ("get", "/api-keys"): {"": {"items", "nextCursor", "total"}, "items[]": KEY},
}

BODIES: dict[tuple[str, str], tuple[AbstractSet[str], AbstractSet[str]]] = {
    ("post", "/auth/register"): (REGISTER, {"email", "password", "displayName", "agreeToTerms"}),
    ("post", "/auth/verify-email"): ({"email", "code", "password"}, {"email", "code"}),
    ("post", "/auth/resend-verification"): ({"email"}, {"email"}),
    ("post", "/auth/login"): (
        {"email", "password", "code", "tenantSlug", "rememberMe"},
        {"email", "password"},
    ),
    ("post", "/auth/refresh"): ({"refreshToken"}, {"refreshToken"}),
    ("post", "/auth/switch-tenant"): ({"tenantId"}, {"tenantId"}),
    ("post", "/auth/forgot-password"): ({"email"}, {"email"}),
    ("post", "/auth/reset-password"): ({"token", "newPassword"}, {"token", "newPassword"}),
    ("post", "/auth/change-password"): (
        {"currentPassword", "newPassword", "revokeApiKeys"},
        {"currentPassword", "newPassword"},
    ),
    ("post", "/auth/2fa/enable"): ({"method", "phone", "password"}, {"method"}),
    ("post", "/auth/2fa/confirm"): ({"code"}, {"code"}),
    ("post", "/auth/2fa/disable"): ({"password", "code"}, {"password", "code"}),
    ("post", "/auth/2fa/recovery-codes"): ({"password", "code"}, {"password", "code"}),
    ("post", "/auth/invitations/{token}/accept"): ({"displayName", "password", "code"}, {"displayName"}),
    ("post", "/auth/join"): ({"tenantSlug"}, {"tenantSlug"}),
    ("post", "/tenants"): ({"name"}, {"name"}),
    ("patch", "/users/me"): (PROFILE, set()),
    ("put", "/users/me/status"): ({"status", "message"}, {"status"}),
    ("patch", "/admin/users/{userId}"): ({"role", "memberType", "memberSince"}, set()),
    ("post", "/admin/users/{userId}/suspend"): ({"reason"}, {"reason"}),
    ("post", "/admin/invitations"): ({"email", "role"}, {"email", "role"}),
    ("post", "/api-keys"): ({"name", "scopes", "expiresInDays"}, {"name", "scopes"}),
}

FILTERS = {
    "/users/search": {"q", "limit"},
    "/users/directory": {"search", "location", "skills", "memberType", "sort", "limit", "cursor", "includeTotal"},
    "/admin/users": {
        "search", "role", "memberType", "status", "registeredFrom", "registeredTo", "sort", "limit", "cursor",
        "includeTotal",
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def document() -> Json:
    return spelled_out(openapi_document(application(container_with(), EDGE, with_sandbox=False), EDGE))


def resolved(document: Json, schema: Json) -> Json:
    """What a schema stands for: not a reference, and what it is where it is not null."""
    for branch in schema.get("anyOf", ()) or schema.get("oneOf", ()):
        if branch.get("type") != "null":
            return resolved(document, branch)
    if "$ref" in schema:
        return resolved(document, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    return schema


def at(document: Json, schema: Json, place: str) -> Json:
    """The schema at `place`: `user`, or `items[]` for what is in a list."""
    found = resolved(document, schema)
    if place:
        found = resolved(document, found["properties"][place.removesuffix("[]")])
    return resolved(document, found["items"]) if place.endswith("[]") else found


def content(entry: Json) -> Json:
    found: Json = entry["content"]["application/json"]["schema"]
    return found


@pytest.mark.parametrize(("method", "path"), ANSWERS)
def test_an_answer_has_the_fields_that_were_promised(document: Json, method: str, path: str) -> None:
    responses = document["paths"][BASE + path][method]["responses"]
    schema = content(next(responses[status] for status in ("200", "201", "202") if status in responses))
    shown = {place: set(at(document, schema, place)["properties"]) for place in ANSWERS[method, path]}
    assert shown == ANSWERS[method, path]


@pytest.mark.parametrize(("method", "path"), BODIES)
def test_a_body_takes_the_fields_that_were_promised(document: Json, method: str, path: str) -> None:
    schema = at(document, content(document["paths"][BASE + path][method]["requestBody"]), "")
    assert (set(schema["properties"]), set(schema.get("required", ()))) == BODIES[method, path]
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize("path", FILTERS)
def test_a_list_takes_the_filters_that_were_promised(document: Json, path: str) -> None:
    parameters = document["paths"][BASE + path]["get"]["parameters"]
    assert {each["name"] for each in parameters if each["in"] == "query"} == FILTERS[path]

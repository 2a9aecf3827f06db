"""No answer tells one tenant anything of another (attacks C2, 36 and 37)."""

from itertools import pairwise

import asyncpg
import httpx
import pytest

from domains.shared.ids import new_id
from tests.security.http.operations import (
    MAKERS,
    PERSONAL_MAKERS,
    SHOWN_IN,
    Operation,
    anybody,
    call,
    ids_in,
    is_let_in,
    operations_of,
)
from tests.support.house import House
from tests.support.people import Tenant
from tests.support.sameness import told, without_address
from tests.support.stories import inspector

MALFORMED = [
    "x",
    "0",
    "-1",
    "null",
    "01920000-0000-7000-8000-00000000000g",
    "01920000000070008000000000000001x",
    "%27%20or%201=1--",
    "{id}",
    "..%2f",
    "*",
    "01920000-0000-7000-8000-000000000001%20",
    "१२३",
]


async def operations(house: House, *, with_ids: bool) -> list[Operation]:
    return [operation for operation in await operations_of(house) if bool(operation.ids) == with_ids]


async def test_there_are_operations_with_ids_and_we_can_make_all_that_they_name(house: House) -> None:
    found = await operations(house, with_ids=True)
    assert {"getCustomer", "changeCustomer", "archiveCustomer"} <= {operation.id for operation in found}
    assert {name for operation in found for name in operation.ids} == {*MAKERS, *PERSONAL_MAKERS}


async def test_a_foreign_id_answers_as_a_random_and_a_malformed_one_do(
    house: House, tenant: Tenant, other_tenant: Tenant
) -> None:
    for operation in await operations(house, with_ids=True):
        foreign = await ids_in(house, other_tenant, operation)
        before = await rows_of(house, other_tenant)
        refused = await call(house, tenant.owner, operation, foreign)
        assert (refused.status_code, refused.json()["code"]) == (404, "not_found"), operation.id
        assert all(value.encode() not in without_address(refused, refused.content) for value in foreign.values())
        for other in (str(new_id()), *MALFORMED):
            answer = await call(house, tenant.owner, operation, dict.fromkeys(operation.ids, other))
            assert told(answer) == told(refused), (operation.id, other)
        assert await rows_of(house, other_tenant) == before
        allowed = await call(house, other_tenant.owner, operation, foreign)
        assert is_let_in(operation, allowed), (operation.id, allowed.text)
        assert allowed.status_code != 404, operation.id


@pytest.mark.parametrize(
    "extra",
    [
        {"headers": {"If-Match": '"1"'}},
        {"headers": {"If-Match": '"7"'}},
        {"headers": {"X-Tenant-Id": "other"}},
        {"json": {}},
        {"json": {"name": None, "company": None}},
    ],
    ids=str,
)
async def test_no_version_and_no_body_tells_a_foreign_id_from_a_random_one(
    house: House, tenant: Tenant, other_tenant: Tenant, extra: dict[str, dict[str, str]]
) -> None:
    headers = {"Authorization": f"Bearer {tenant.owner.token}", **extra.get("headers", {})}
    for operation in await operations(house, with_ids=True):
        body = {"json": extra["json"]} if "json" in extra and operation.body else {}
        foreign = await ids_in(house, other_tenant, operation)
        random = dict.fromkeys(operation.ids, str(new_id()))
        answers = [
            told(await call(house, None, operation, ids, **{**body, "headers": headers})) for ids in (foreign, random)
        ]
        assert answers[0] == answers[1], operation.id
        own = await call(house, None, operation, await ids_in(house, tenant, operation), **{**body, "headers": headers})
        is_refused_for_its_body = body and answers[0][0] == own.status_code == 400
        assert answers[0][0] == 404 or is_refused_for_its_body, operation.id


async def test_a_list_holds_and_counts_the_tenant_s_own_rows_only(
    house: House, tenant: Tenant, other_tenant: Tenant
) -> None:
    lists = [operation for operation in await operations(house, with_ids=False) if operation.lists]
    assert {operation.id for operation in lists} == {name for names in SHOWN_IN.values() for name in names}
    for name, make in MAKERS.items():
        own, foreign = await make(house, tenant), await make(house, other_tenant)
        for operation in lists:
            answer = await call(house, tenant.owner, operation, {}, params={"includeTotal": "true", "limit": "100"})
            assert answer.json()["total"] == len(answer.json()["items"])
            assert (own in answer.text) is (operation.id in SHOWN_IN[name])
            assert foreign not in answer.text
            assert other_tenant.slug not in answer.text


async def test_a_value_that_another_tenant_has_is_no_conflict(
    house: House, tenant: Tenant, other_tenant: Tenant
) -> None:
    body = {"name": "Grace", "emails": ["grace@example.com"], "phones": ["+12125550101"]}
    async with house.client(other_tenant.owner.token) as client:
        assert (await client.post("/customers", json=body)).status_code == 201
    async with house.client(tenant.owner.token) as client:
        assert (await client.post("/customers", json=body)).status_code == 201


@pytest.mark.parametrize("place", ["query", "header", "body"])
async def test_no_tenant_named_elsewhere_counts(house: House, tenant: Tenant, other_tenant: Tenant, place: str) -> None:
    foreign = str(other_tenant.id)
    async with house.client(tenant.owner.token) as client:
        if place == "query":
            answer = await client.get("/customers", params={"tenantId": foreign})
            assert answer.status_code == 400
        elif place == "body":
            answer = await client.post("/customers", json={"name": "Grace", "tenantId": foreign})
            assert answer.status_code == 400
        else:
            headers = {"X-Tenant-Id": foreign, "X-Forwarded-Host": f"{other_tenant.slug}.example.com"}
            made = await client.post("/customers", json={"name": "Grace"}, headers=headers)
            assert (await client.get(f"/customers/{made.json()['id']}")).status_code == 200
    assert await rows_of(house, other_tenant) == []


async def test_ids_do_not_say_how_many_there_are(house: House, tenant: Tenant) -> None:
    made = [int((await MAKERS["customerId"](house, tenant)).replace("-", ""), 16) for _ in range(5)]
    gaps = {later - earlier for earlier, later in pairwise(made)}
    assert len(gaps) == 4
    assert all(abs(gap) > 2**40 for gap in gaps)


OUTSIDE = [
    "acceptInvitation",
    "acceptOffer",
    "acceptOfferedTime",
    "bookOnline",
    "cancelOnlineBooking",
    "confirmEmailChange",
    "declineOfferedTime",
    "forgotPassword",
    "getBillPdf",
    "getHealth",
    "getHold",
    "getLiveness",
    "getOfferPdf",
    "getOnlineAvailability",
    "getOnlineBooking",
    "getOnlinePlace",
    "getReadiness",
    "holdTime",
    "leaveWaitingList",
    "listOnlineServices",
    "login",
    "moveOnlineBooking",
    "payInvoice",
    "readCalendarFeed",
    "refreshSession",
    "register",
    "rejectOffer",
    "releaseHold",
    "resendVerification",
    "resetPassword",
    "showBill",
    "showOffer",
    "stopEmailChange",
    "verifyEmail",
    "waitOnline",
]


async def test_only_the_operations_of_a_closed_list_are_open(house: House, tenant: Tenant) -> None:
    every = await operations_of(house)
    assert {operation.id for operation in every if operation.is_public} == set(OUTSIDE)
    for operation in every:
        answer = await call(house, None, operation, await ids_in(house, tenant, operation))
        if operation.is_public:
            assert answer.json().get("code") != "unauthenticated", operation.id
        else:
            assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated"), operation.id


async def test_without_a_token_no_id_can_be_told_from_another(house: House, tenant: Tenant) -> None:
    for operation in await operations(house, with_ids=True):
        real = await call(house, None, operation, await ids_in(house, tenant, operation))
        for other in (str(new_id()), "x"):
            answer = await call(house, None, operation, dict.fromkeys(operation.ids, other))
            assert told(answer) == told(real)


async def test_every_address_that_is_served_is_in_the_document_or_on_a_closed_list(house: House) -> None:
    documented = {(each.method, each.path) for each in await operations_of(house)}
    beside = {
        "/",
        "/api/v2",
        "/api/v2/{rest}",
        "/docs",
        "/openapi.json",
        "/health",
        "/health/live",
        "/health/ready",
        "/sandbox/mail",
        "/sandbox/clock",
        "/sandbox/faults",
        "/sandbox/payments",
        "/sandbox/payments/{intentId}/confirm",
        *(f"/api/v1{path}" for path in ("/payments/webhook", "/webhooks/stripe")),
        *(f"/api/v1{path}/{{tenantId}}" for path in ("/payments/webhook", "/webhooks/stripe")),
    }
    for route in house.app.routes:
        served = route.path_format if hasattr(route, "path_format") else route.path
        path = "/".join(_camel(part) for part in served.split("/"))
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} & set(getattr(route, "methods", [])):
            is_listed = path in beside or path.startswith(("/docs", "/api/v1/docs", "/api/v1/openapi.json"))
            assert (method, path) in documented or is_listed, (method, path)


def _camel(part: str) -> str:
    head, *rest = part.split("_")
    return head + "".join(word.title() for word in rest)


async def rows_of(house: House, tenant: Tenant) -> list[asyncpg.Record]:
    async with inspector(house) as admin:
        found: list[asyncpg.Record] = await admin.fetch(
            "select * from customers where tenant_id = $1 order by id", tenant.id
        )
    return found


async def test_a_root_client_has_no_credential(house: House) -> None:
    async with anybody(house) as client:
        answer: httpx.Response = await client.get("/api/v1/auth/me")
    assert answer.status_code == 401

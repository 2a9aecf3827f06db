"""No body sets what is not its caller's to set (attack C4, 65)."""

import pytest

from tests.security.http.operations import call, ids_in, is_let_in, operations_of
from tests.support.house import House
from tests.support.people import Tenant
from tests.support.stories import inspector

EXTRA: dict[str, object] = {
    "id": "01920000-0000-7000-8000-000000000001",
    "tenantId": "01920000-0000-7000-8000-000000000001",
    "tenant_id": "01920000-0000-7000-8000-000000000001",
    "accountId": "01920000-0000-7000-8000-000000000001",
    "userId": "01920000-0000-7000-8000-000000000001",
    "role": "owner",
    "isAdmin": True,
    "is_admin": True,
    "version": 7,
    "createdAt": "2020-01-01T00:00:00.000Z",
    "created_at": "2020-01-01T00:00:00.000Z",
    "updatedAt": "2020-01-01T00:00:00.000Z",
    "archivedAt": "2020-01-01T00:00:00.000Z",
    "createdBy": "somebody",
    "status": "paid",
    "paidAt": "2020-01-01T00:00:00.000Z",
    "total": 1,
    "emailVerified": True,
    "verifiedAt": "2020-01-01T00:00:00.000Z",
    "passwordHash": "$argon2id$",
    "permissions": ["customers:write"],
    "slug": "harbor",
    "sortName": "a",
    "__class__": "x",
    "constructor": {"prototype": {}},
}
ITS_OWN = {("changeTenant", "slug")}
"""Fields that are an operation's to set, though its example does not."""
_STORED = "select count(*) from customers where tenant_id = $1"


@pytest.mark.parametrize("field", sorted(EXTRA))
async def test_a_field_that_is_not_the_caller_s_is_refused_by_every_operation(
    house: House, tenant: Tenant, field: str
) -> None:
    tried = set()
    for operation in await operations_of(house):
        if operation.body is None or field in operation.body or (operation.id, field) in ITS_OWN:
            continue
        ids = await ids_in(house, tenant, operation)
        async with inspector(house) as admin:
            before = await admin.fetchval(_STORED, tenant.id)
            answer = await call(house, tenant.owner, operation, ids, json={**operation.body, field: EXTRA[field]})
            assert await admin.fetchval(_STORED, tenant.id) == before
        assert answer.status_code == 400, (operation.id, answer.text)
        assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, "unknown_field")]
        tried.add(operation.id)
    assert {"createCustomer", "changeCustomer", "register", "login", "verifyEmail"} <= tried


async def test_the_examples_themselves_are_taken(house: House, tenant: Tenant) -> None:
    for operation in await operations_of(house):
        if operation.body is not None and not operation.is_public:
            answer = await call(house, tenant.owner, operation, await ids_in(house, tenant, operation))
            assert is_let_in(operation, answer), (operation.id, answer.text)

"""Every role tries every operation (attacks C4, 63 and 64), and no log has a word of what it was given (C13 176)."""

import re

import pytest

from domains.shared.permissions import PERMISSIONS_OF, Role
from tests.security.http.operations import PERMISSION_OF, anybody, call, ids_in, is_let_in, operations_of
from tests.support.house import House
from tests.support.people import Tenant


async def test_the_table_names_every_operation_and_no_other(house: House) -> None:
    every = await operations_of(house)
    assert sorted(operation.id for operation in every) == sorted(PERMISSION_OF)
    assert {each.id for each in every if each.is_public} == {name for name, need in PERMISSION_OF.items() if not need}


_WORD = re.compile(r"[\w@.+-]{20,}")
_ID_OR_CODE = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[a-z_.]+|[\d.-]+")


def words_of(text: str) -> set[str]:
    """All that may be a token, a key, a code or an address, and is no id."""
    return {word for word in _WORD.findall(text) if not _ID_OR_CODE.fullmatch(word)}


@pytest.mark.parametrize("role", list(Role))
async def test_each_role_may_what_the_table_says_and_nothing_else(
    house: House, tenant: Tenant, role: Role, capsys: pytest.CaptureFixture[str]
) -> None:
    tried, person = {True: 0, False: 0}, tenant.people[role]
    given = words_of(person.token)
    for operation in await operations_of(house):
        permission = PERMISSION_OF[operation.id]
        if permission is None:
            continue
        person = tenant.people[role]
        answer = await call(house, person, operation, await ids_in(house, tenant, operation, person))
        allowed = permission in PERMISSIONS_OF[role]
        tried[allowed] += 1
        given |= words_of(answer.text)
        if allowed:
            assert is_let_in(operation, answer), (role, operation.id, answer.text)
        else:
            assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), (role, operation.id)
    assert tried[True] > 0
    assert tried[False] > 0 or PERMISSIONS_OF[role] == PERMISSIONS_OF[Role.OWNER]
    logged = capsys.readouterr().out
    assert logged.count(str(person.user)) > tried[True]
    assert given & words_of(logged) == set()
    assert any(word in given for word in (person.email, person.token))


WAYS = [
    "{path}/",
    "/{path}",
    "{path}//",
    "{path};x=1",
    "{path}.json",
    "{path}%00",
    "{path}%20",
    "{path}/.",
    "/api/v1/auth/..{tail}",
    "/api/v1/auth/%2e%2e{tail}",
    "/API/v1{tail}",
    "{path}?role=owner",
]
OVERRIDES = ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "X-Original-URL", "X-Rewrite-URL"]


@pytest.mark.parametrize("way", WAYS)
async def test_no_other_spelling_of_an_address_lets_a_member_in(house: House, tenant: Tenant, way: str) -> None:
    member = {"Authorization": f"Bearer {tenant.people[Role.MEMBER].token}"}
    async with anybody(house) as client:
        for operation in await operations_of(house):
            permission = PERMISSION_OF[operation.id]
            if permission is None or permission in PERMISSIONS_OF[Role.MEMBER]:
                continue
            path = operation.at(await ids_in(house, tenant, operation))
            other = way.format(path=path, tail=path.removeprefix("/api/v1"))
            answer = await client.request(operation.method, other, headers=member, json=operation.body)
            assert answer.status_code in {400, 403, 404, 405}, (operation.id, other, answer.status_code)


@pytest.mark.parametrize("name", OVERRIDES)
async def test_no_header_changes_the_method_or_the_address(house: House, tenant: Tenant, name: str) -> None:
    showing = next(each for each in await operations_of(house) if each.id == "getCustomer")
    customer = (await ids_in(house, tenant, showing))["customerId"]
    for value in ("DELETE", f"/api/v1/customers/{customer}"):
        async with house.client(tenant.people[Role.MEMBER].token) as client:
            answer = await client.post("/auth/me", headers={name: value})
            assert answer.status_code == 405
            me = await client.get("/auth/me", headers={name: value})
            assert me.json()["user"]["role"] == "member"
    async with house.client(tenant.owner.token) as client:
        found = await client.get(f"/customers/{customer}", headers={name: "DELETE"})
        assert found.json()["archivedAt"] is None

"""Joining a tenant by its policy, and founding a further one."""

import asyncio
from typing import Any

import pytest

from domains.shared.ids import new_id
from tests.support.house import House
from tests.support.registrations import PASSWORD, an_address, an_order, log_in, mailed_code, verify
from tests.support.sameness import told
from tests.support.signed_up import SignedUp, post, signed_up, subjects
from tests.support.stories import inspector


async def open_tenant(house: House, policy: str = "open", domains: tuple[str, ...] = ()) -> SignedUp:
    """Somebody's tenant, with a policy."""
    owner = await signed_up(house)
    async with house.client(owner.token) as client:
        body = {"registration": policy, "emailDomains": list(domains)}
        answer = await client.patch("/tenants/me", json=body)
    assert answer.status_code == 200, answer.text
    return owner


def joining(email: str, slug: str, **fields: Any) -> dict[str, Any]:
    order = an_order(email, tenantSlug=slug, **fields)
    return {name: value for name, value in order.items() if name != "tenantName"}


async def test_who_registers_with_a_slug_becomes_a_member(house: House) -> None:
    owner = await open_tenant(house)
    email, slug = an_address(), owner.tenant["slug"]
    assert (await post(house, "/auth/register", joining(email, slug, username="ada"))).status_code == 202
    code = await mailed_code(house, email)
    assert subjects(house, email)[0] == f"Your code for {owner.tenant['name']}: {code}"
    answer = await verify(house, email, code)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["tenant"]["slug"], found["user"]["role"], found["user"]["username"]) == (slug, "member", "ada")
    assert [(each["slug"], each["role"]) for each in found["tenants"]] == [(slug, "member")]
    await house.follow_up()
    assert subjects(house, email)[0] == f"Welcome to {owner.tenant['name']}"
    assert (await log_in(house, email, tenantSlug=slug)).status_code == 200


@pytest.mark.parametrize(
    ("policy", "domains", "is_admitted"),
    [
        ("open", (), True),
        ("domain", ("example.com",), True),
        ("domain", ("other.example",), False),
        ("invite", (), False),
        ("closed", (), False),
    ],
)
async def test_the_policy_decides_who_may_join(
    house: House, policy: str, domains: tuple[str, ...], is_admitted: bool
) -> None:
    owner, other = await open_tenant(house, policy, domains), await signed_up(house)
    slug = owner.tenant["slug"]
    registering = await post(house, "/auth/register", joining(an_address(), slug))
    joined = await post(house, "/auth/join", {"tenantSlug": slug}, other.token)
    assert [registering.status_code, joined.status_code] == ([202, 201] if is_admitted else [403, 403])
    if not is_admitted:
        nowhere = await post(house, "/auth/register", joining(an_address(), f"no-{new_id().hex[:20]}"))
        assert told(nowhere) == told(registering)


async def test_the_policy_is_asked_again_when_the_code_is_given(house: House) -> None:
    owner = await open_tenant(house)
    email = an_address()
    assert (await post(house, "/auth/register", joining(email, owner.tenant["slug"]))).status_code == 202
    code = await mailed_code(house, email)
    async with house.client(owner.token) as client:
        assert (await client.patch("/tenants/me", json={"registration": "closed"})).status_code == 200
        assert (await verify(house, email, code)).status_code == 400
        assert (await client.patch("/tenants/me", json={"registration": "open"})).status_code == 200
    assert (await verify(house, email, code)).status_code == 200


async def test_whoever_is_signed_in_joins_with_their_own_name(house: House) -> None:
    owner = await open_tenant(house)
    person = await signed_up(house, displayName="Ada Byron", username=owner.user["username"], phone="+12125550101")
    answer = await post(house, "/auth/join", {"tenantSlug": owner.tenant["slug"]}, person.token)
    assert answer.status_code == 201, answer.text
    assert answer.json() == {
        "id": owner.tenant["id"],
        "slug": owner.tenant["slug"],
        "name": owner.tenant["name"],
        "role": "member",
    }
    there = (await log_in(house, person.email, tenantSlug=owner.tenant["slug"])).json()
    assert (there["user"]["displayName"], there["user"]["phone"]) == ("Ada Byron", "+12125550101")
    assert there["user"]["username"] == f"{owner.user['username'][:29]}-2"
    assert len(there["tenants"]) == 2
    again = await post(house, "/auth/join", {"tenantSlug": owner.tenant["slug"]}, person.token)
    assert (again.status_code, again.json()["code"]) == (409, "already_exists")
    assert (await log_in(house, person.email, tenantSlug=person.tenant["slug"])).json()["user"]["role"] == "owner"


async def test_joining_at_once_joins_once(house: House) -> None:
    owner, person = await open_tenant(house), await signed_up(house)
    body = {"tenantSlug": owner.tenant["slug"]}
    answers = await asyncio.gather(*(post(house, "/auth/join", body, person.token) for _ in range(6)))
    statuses = [answer.status_code for answer in answers]
    assert statuses.count(201) == 1
    assert set(statuses) <= {201, 409, 503}


async def test_either_a_name_or_a_slug(house: House) -> None:
    both = an_order(an_address(), tenantSlug="harbor")
    neither = {name: value for name, value in an_order(an_address()).items() if name != "tenantName"}
    for body in (both, neither):
        answer = await post(house, "/auth/register", body)
        assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [("tenantName", "one_of")]
    assert (await post(house, "/auth/register", an_order(an_address()))).status_code == 202


async def test_a_further_tenant_is_founded_and_owned(house: House) -> None:
    person = await signed_up(house, timezone="Europe/Berlin", currency="EUR")
    name = f"Ada's {new_id().hex[-8:]}"
    answer = await post(house, "/tenants", {"name": f" {name} "}, person.token)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (made["name"], made["timezone"], made["currency"]) == (name, "Europe/Berlin", "EUR")
    there = (await log_in(house, person.email, tenantSlug=made["slug"])).json()
    assert (there["user"]["role"], there["user"]["displayName"]) == ("owner", "Grace Hopper")
    async with inspector(house) as admin:
        events = await admin.fetch("select type from events where tenant_id = $1", made["id"])
    assert [row["type"] for row in events] == ["tenant.founded"]
    blank = await post(house, "/tenants", {"name": "   "}, person.token)
    assert blank.json()["errors"][0]["field"] == "name"


async def test_a_request_to_found_that_comes_again_founds_one(house: House) -> None:
    person = await signed_up(house)
    async with house.client(person.token) as client:
        headers = {"Idempotency-Key": "one"}
        first, second = [await client.post("/tenants", json={"name": "Second"}, headers=headers) for _ in range(2)]
        other = await client.post("/tenants", json={"name": "Third"}, headers=headers)
    assert (first.status_code, second.status_code, other.status_code) == (201, 201, 422)
    assert first.json() == second.json()
    assert second.headers["Idempotency-Replayed"] == "true"
    assert len((await log_in(house, person.email, PASSWORD)).json()["tenants"]) == 2

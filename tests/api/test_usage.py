"""What a plan gives: counted, shown, and never exceeded."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from domains.shared.limits import LimitName, Rate, RateLimits
from domains.shared.permissions import Role
from tests.api.test_customer_import import files_of
from tests.api.test_joining import joining, open_tenant
from tests.support.databases import TestDatabase
from tests.support.house import House, house_over
from tests.support.imports import send
from tests.support.jobs import bench_over
from tests.support.people import Tenant, new_person, new_tenant
from tests.support.registrations import an_address, mailed_code, verify
from tests.support.signed_up import post, signed_up
from tests.support.soon import becomes
from tests.support.stories import give_limits, inspector

LIMITS = RateLimits({LimitName.CALLER: (Rate(100, 60),), LimitName.UPLOAD: (Rate(20, 3600),)})
AT_ONCE = 50
LEFT = 7


@pytest.fixture
async def limited(database: TestDatabase, tmp_path: Path) -> AsyncIterator[House]:
    async with house_over(database, tmp_path, limits=LIMITS, pool_size=30) as house:
        yield house


async def usage(house: House, token: str) -> dict[str, Any]:
    async with house.client(token) as client:
        answer = await client.get("/tenants/me/usage")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def used(house: House, token: str) -> dict[str, int]:
    return {each["name"]: each["used"] for each in (await usage(house, token))["quotas"]}


async def test_what_a_plan_gives_is_shown(limited: House) -> None:
    tenant = await new_tenant(limited)
    shown = await usage(limited, tenant.owner.token)
    assert shown.pop("calls")["total"] == 0
    assert shown == {
        "plan": "free",
        "quotas": [
            {"name": "api_keys", "used": 0, "limit": 50, "isOwn": False},
            {"name": "customers", "used": 0, "limit": 250_000, "isOwn": False},
            {"name": "storage_bytes", "used": 0, "limit": 10 << 30, "isOwn": False},
            {"name": "users", "used": 4, "limit": 1000, "isOwn": False},
        ],
        "rateLimits": [
            {"name": "caller", "rates": [{"requests": 100, "seconds": 60}], "isOwn": False},
            {"name": "upload", "rates": [{"requests": 20, "seconds": 3600}], "isOwn": False},
        ],
    }


async def test_limits_of_its_own_hold_and_are_shown(limited: House) -> None:
    """Within a second, on sessions that are known already; other tenants keep what their plan gives."""
    tenant, other = await new_tenant(limited), await new_tenant(limited)
    await usage(limited, tenant.owner.token)
    await give_limits(
        limited, tenant.id, quotas={"users": None}, rates={"caller": [{"most": 7, "seconds": 60}], "gone": []}
    )

    async def allowed() -> str:
        async with limited.client(tenant.owner.token) as client:
            return str((await client.get("/tenants/me")).headers["X-RateLimit-Limit"])

    await becomes("7", allowed)
    shown = await usage(limited, tenant.owner.token)
    assert shown["quotas"][3] == {"name": "users", "used": 4, "limit": None, "isOwn": True}
    assert shown["rateLimits"][0] == {"name": "caller", "rates": [{"requests": 7, "seconds": 60}], "isOwn": True}
    assert (await usage(limited, other.owner.token))["rateLimits"][0]["isOwn"] is False


async def test_what_comes_and_goes_is_counted(house: House) -> None:
    tenant = await new_tenant(house)
    person = await new_person(house, tenant)
    async with house.client(tenant.owner.token) as client:
        key = await client.post("/api-keys", json={"name": "Till", "scopes": ["customers:read"]})
        kept = [(await client.post("/customers", json={"name": name})).json()["id"] for name in ("Ada", "Grace")]
        assert await used(house, tenant.owner.token) == {"api_keys": 1, "customers": 2, "storage_bytes": 0, "users": 5}
        assert (await client.delete(f"/customers/{kept[0]}")).status_code == 204
        assert (await client.delete(f"/api-keys/{key.json()['id']}")).status_code == 204
        assert (await client.delete(f"/admin/users/{person.user}")).status_code == 204
    assert await used(house, tenant.owner.token) == {"api_keys": 0, "customers": 1, "storage_bytes": 0, "users": 4}


async def test_one_too_many_is_refused_and_changes_nothing(house: House) -> None:
    tenant = await new_tenant(house)
    await give_limits(house, tenant.id, quotas={"customers": 1, "api_keys": 0})
    async with house.client(tenant.owner.token) as client:
        first = await client.post("/customers", json={"name": "Ada"})
        beyond = await client.post("/customers", json={"name": "Grace"})
        key = await client.post("/api-keys", json={"name": "Till", "scopes": ["customers:read"]})
        assert (first.status_code, beyond.status_code, key.status_code) == (201, 422, 422)
        problem = beyond.json()
        assert (problem["code"], problem["quota"], problem["limit"]) == ("quota_exceeded", "customers", 1)
        assert key.json()["quota"] == "api_keys"
        assert [each["name"] for each in (await client.get("/customers")).json()["items"]] == ["Ada"]
        await client.delete(f"/customers/{first.json()['id']}")
        assert (await client.post("/customers", json={"name": "Grace"})).status_code == 201


@pytest.mark.parametrize("quota", [LEFT, 1000 + LEFT])
async def test_many_at_once_leave_exactly_the_quota(limited: House, quota: int) -> None:
    """From within the margin, and from just outside of it: attack C14 165's rule, for customers."""
    tenant = await new_tenant(limited)
    people = [await new_person(limited, tenant, Role.STAFF) for _ in range(5)]
    async with inspector(limited) as admin:
        await admin.execute(
            "insert into customers"
            " (tenant_id, id, name, emails, phones, addresses, tags, custom, created_at, updated_at)"
            " select $1, gen_random_uuid(), 'Kept', '{}', '{}', '[]', '{}', '{}', now(), now()"
            " from generate_series(1, $2)",
            tenant.id,
            quota - LEFT,
        )
    await give_limits(limited, tenant.id, quotas={"customers": quota})

    async def create(at: int) -> int:
        async with limited.client(people[at % 5].token) as client:
            answer = await client.post("/customers", json={"name": f"Number {at}"})
            if answer.status_code == 503:
                return await create(at)
        return answer.status_code

    statuses = await asyncio.gather(*(create(at) for at in range(AT_ONCE)))
    assert sorted(statuses) == [201] * LEFT + [422] * (AT_ONCE - LEFT)
    assert (await used(limited, tenant.owner.token))["customers"] == quota


async def test_a_full_tenant_takes_nobody_in(house: House) -> None:
    """By joining, by registering with its slug, by invitation: refused, and let in once there is room."""
    owner = await open_tenant(house)
    tenant, slug, email = owner.tenant["id"], owner.tenant["slug"], an_address()
    guest = await signed_up(house)
    await post(house, "/auth/register", joining(email, slug))
    code = await mailed_code(house, email)
    await give_limits(house, tenant, quotas={"users": 1})
    refused = await verify(house, email, code)
    async with house.client(guest.token) as client:
        joined = await client.post("/auth/join", json={"tenantSlug": slug})
    assert [(each.status_code, each.json()["quota"]) for each in (refused, joined)] == [(422, "users")] * 2
    await give_limits(house, tenant)
    assert (await verify(house, email, code)).status_code == 200
    async with house.client(guest.token) as client:
        assert (await client.post("/auth/join", json={"tenantSlug": slug})).status_code == 201
    assert (await used(house, owner.token))["users"] == 3


async def test_a_full_tenant_invites_nobody(house: House, tenant: Tenant) -> None:
    """Nor sends an invitation again; those that were sent go on, and fail at the door."""
    async with house.client(tenant.owner.token) as client:
        sent = await client.post("/admin/invitations", json={"email": an_address(), "role": "member"})
        await give_limits(house, tenant.id, quotas={"users": 4})
        fresh = await client.post("/admin/invitations", json={"email": an_address(), "role": "member"})
        again = await client.post(f"/admin/invitations/{sent.json()['id']}/resend")
        assert [(each.status_code, each.json()["quota"]) for each in (fresh, again)] == [(422, "users")] * 2
        assert len((await client.get("/admin/invitations")).json()["items"]) == 1
        await give_limits(house, tenant.id, quotas={"users": 5})
        assert (await client.post(f"/admin/invitations/{sent.json()['id']}/resend")).status_code == 200
        last = await client.post("/admin/invitations", json={"email": an_address(), "role": "member"})
        assert last.status_code == 201


async def test_files_count_and_are_refused_where_they_do_not_fit(house: House, tenant: Tenant) -> None:
    """Those of imports, until they were imported. Taking one's data away is refused to nobody."""
    await give_limits(house, tenant.id, quotas={"storage_bytes": 100})
    async with house.client(tenant.owner.token) as client, bench_over(house) as bench:
        refused = await send(client, "Name\n" + "Ada\n" * 100)
        assert (refused.status_code, refused.json()["quota"]) == (422, "storage_bytes")
        assert await files_of(house, tenant) == []
        assert (await client.get("/jobs")).json()["items"] == []
        assert (await send(client, "Name\nAda\n")).status_code == 202
        assert 0 < (await used(house, tenant.owner.token))["storage_bytes"] <= 100
        await bench.run_all()
        await house.follow_up()
        assert (await used(house, tenant.owner.token))["storage_bytes"] == 0
        assert (await client.post("/tenants/me/export")).status_code == 202
        await bench.run_all()
        assert (await used(house, tenant.owner.token))["storage_bytes"] > 100


async def test_members_do_not_see_it(house: House, tenant: Tenant) -> None:
    async with house.client(tenant.people[Role.STAFF].token) as client:
        assert (await client.get("/tenants/me/usage")).status_code == 403
    assert await usage(house, tenant.people[Role.ADMIN].token)

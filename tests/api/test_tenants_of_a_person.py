"""A person of several tenants, and one who is suspended. Attacks C2 41 and C3 49."""

from uuid import UUID

import pytest

from domains.shared.ids import new_id
from tests.support.house import House
from tests.support.people import Tenant
from tests.support.registrations import log_in
from tests.support.signing_in import Answer, audited, joined, logged_in, newcomer, refresh, status_of, suspended
from tests.support.soon import becomes
from tests.support.stories import inspector


async def switched(house: House, token: str, tenant: object) -> tuple[int, Answer]:
    async with house.client(token) as client:
        answer = await client.post("/auth/switch-tenant", json={"tenantId": str(tenant)})
    return answer.status_code, answer.json()


async def test_a_token_works_in_one_tenant_and_switching_makes_another(house: House, tenant: Tenant) -> None:
    email, first = await newcomer(house)
    await joined(house, email, str(tenant.id))
    status, second = await switched(house, first["accessToken"], tenant.id)
    assert status == 200
    assert (second["tenant"]["id"], second["user"]["role"]) == (str(tenant.id), "staff")
    assert {each["id"]: each["role"] for each in second["tenants"]} == {
        first["tenant"]["id"]: "owner",
        str(tenant.id): "staff",
    }
    for answer in (first, second):
        async with house.client(answer["accessToken"]) as client:
            assert (await client.get("/auth/me")).json()["tenant"] == answer["tenant"]
            made = await client.post("/customers", json={"name": f"Of {answer['tenant']['name']}"})
            listed = (await client.get("/customers")).json()["items"]
        assert [each["id"] for each in listed] == [made.json()["id"]]
        third = (await refresh(house, answer["refreshToken"])).json()
        async with house.client(third["accessToken"]) as client:
            assert (await client.get("/auth/me")).json()["tenant"] == answer["tenant"]
    assert await audited(house, second) == ["session.switched", "customer.created", "refresh.rotated"]


async def test_a_switched_session_lasts_no_longer_than_the_first(house: House, tenant: Tenant) -> None:
    email, own = await newcomer(house)
    await joined(house, email, str(tenant.id))
    first = await logged_in(house, email, rememberMe=True, tenantSlug=own["tenant"]["slug"])
    async with inspector(house) as admin:
        await admin.execute("update directory.sessions set ends_at = now() + interval '3 hours'")
        await switched(house, first["accessToken"], tenant.id)
        same = await admin.fetchval(
            "select count(distinct (ends_at, idle)) from directory.sessions s join directory.accounts a"
            " on a.id = s.account_id where a.email = $1 and s.idle > interval '2 days'",
            email,
        )
        late = await admin.fetchval(
            "select count(*) from directory.sessions where expires_at > now() + interval '4 hours'"
            " and tenant_id = $1 and idle > interval '2 days'",
            tenant.id,
        )
    assert (same, late) == (1, 0)


async def test_one_cannot_switch_to_where_one_does_not_belong(house: House, tenant: Tenant) -> None:
    _, first = await newcomer(house)
    refused = [await switched(house, first["accessToken"], each) for each in (tenant.id, new_id())]
    assert [(status, answer["code"]) for status, answer in refused] == [(404, "not_found")] * 2
    assert (await switched(house, first["accessToken"], first["tenant"]["id"]))[0] == 200


async def test_one_cannot_switch_to_where_one_is_suspended(house: House, tenant: Tenant) -> None:
    email, first = await newcomer(house)
    await joined(house, email, str(tenant.id))
    assert (await switched(house, first["accessToken"], tenant.id))[0] == 200
    await suspended(house, email, str(tenant.id))
    status, answer = await switched(house, first["accessToken"], tenant.id)
    assert (status, answer["code"]) == (403, "account_suspended")


@pytest.mark.breaks_invariants("an owner who was suspended")
async def test_a_suspended_person_is_told_so_with_the_right_password_only(house: House) -> None:
    email, first = await newcomer(house)
    other_email, _ = await newcomer(house)
    await suspended(house, email, first["tenant"]["id"])
    right, wrong = await log_in(house, email), await log_in(house, email, "Wrong-Horse-7")
    assert (right.status_code, right.json()["code"]) == (403, "account_suspended")
    assert (wrong.status_code, wrong.json()["code"]) == (401, "invalid_credentials")
    assert (await log_in(house, other_email)).status_code == 200
    async with inspector(house) as admin:
        noted = await admin.fetch("select action from directory.security_events where address = $1 order by id", email)
    assert [row["action"] for row in noted] == ["login.refused"] * 2


async def test_a_suspension_in_one_tenant_leaves_the_others(house: House, tenant: Tenant) -> None:
    email, first = await newcomer(house)
    await joined(house, email, str(tenant.id))
    _, second = await switched(house, first["accessToken"], tenant.id)
    await suspended(house, email, str(tenant.id))
    await becomes(401, lambda: status_of(house, second["accessToken"]))
    assert (await refresh(house, second["refreshToken"])).status_code == 400
    assert await status_of(house, first["accessToken"]) == 200
    again = (await log_in(house, email)).json()
    assert again["tenant"] == first["tenant"]
    assert [each["id"] for each in again["tenants"]] == [first["tenant"]["id"]]
    refused = await log_in(house, email, tenantSlug=tenant.slug)
    assert (refused.status_code, refused.json()["code"]) == (403, "account_suspended")


async def test_sessions_of_before_a_suspension_stay_ended_after_it(house: House) -> None:
    email, first = await newcomer(house)
    await suspended(house, email, first["tenant"]["id"])
    async with inspector(house) as admin:
        await admin.execute(
            "update directory.memberships set suspended_at = null where tenant_id = $1", UUID(first["tenant"]["id"])
        )
    assert await status_of(house, first["accessToken"]) == 401
    assert (await refresh(house, first["refreshToken"])).status_code == 400
    assert (await log_in(house, email)).status_code == 200


async def test_who_was_seen_is_seen_no_earlier_when_their_session_has_ended(house: House) -> None:
    _, first = await newcomer(house)
    second = (await refresh(house, first["refreshToken"])).json()
    async with house.client(second["accessToken"]) as client:
        seen = (await client.get("/users/me")).json()["lastSeenAt"]
        assert (await client.post("/auth/logout")).status_code == 204
    assert seen > first["user"]["lastSeenAt"]
    async with inspector(house) as admin:
        kept = await admin.fetchval(
            "select seen_at from directory.memberships where tenant_id = $1", UUID(first["tenant"]["id"])
        )
    assert kept.isoformat(timespec="milliseconds").replace("+00:00", "Z") == seen


@pytest.mark.parametrize("again", [True, False])
async def test_nobody_gets_into_a_suspended_tenant(house: House, again: bool) -> None:
    email, first = await newcomer(house)
    async with inspector(house) as admin:
        change = "update directory.tenants set suspended_at = {} where id = $1"
        await admin.execute(change.format("now()"), UUID(first["tenant"]["id"]))
        await becomes(401, lambda: status_of(house, first["accessToken"]))
        spent, refused = await refresh(house, first["refreshToken"]), await log_in(house, email)
        assert (spent.status_code, spent.json()["code"]) == (400, "invalid_token")
        assert (refused.status_code, refused.json()["code"]) == (403, "account_suspended")
        if again:
            await admin.execute(change.format("null"), UUID(first["tenant"]["id"]))
            assert (await refresh(house, first["refreshToken"])).status_code == 400
            assert await status_of(house, first["accessToken"]) == 401
            later = await logged_in(house, email)
            assert await status_of(house, later["accessToken"]) == 200

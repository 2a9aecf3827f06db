"""What admins do with users: roles, suspension, erasing; who stands above whom. Attacks 61, 63 to 65."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from domains.shared.permissions import Role
from tests.support.house import House
from tests.support.people import Person, Tenant, new_person
from tests.support.stories import events_of, inspector

REASON = {"reason": "Left the company"}


async def status_of(house: House, person: Person) -> int:
    async with house.client(person.token) as client:
        return (await client.get("/users/me")).status_code


async def owners(house: House, tenant: Tenant) -> int:
    counted = (
        "select count(*) from directory.memberships where tenant_id = $1 and role = 'owner' and suspended_at is null"
    )
    async with inspector(house) as admin:
        return int(await admin.fetchval(counted, tenant.id))


async def roles_differ(house: House, tenant: Tenant) -> int:
    """In how many places the tenant's copy of a membership is not what the directory says."""
    compared = """
        select count(*) from users u left join directory.memberships m on m.tenant_id = u.tenant_id and m.user_id = u.id
        where u.tenant_id = $1 and u.erased_at is null
          and (u.role is distinct from m.role or u.suspended_at is distinct from m.suspended_at)
    """
    async with inspector(house) as admin:
        return int(await admin.fetchval(compared, tenant.id))


async def test_a_new_role_holds_at_once_and_in_both_places(house: House, tenant: Tenant) -> None:
    person = await new_person(house, tenant)
    async with house.client(person.token) as theirs, house.client(tenant.owner.token) as client:
        assert (await theirs.get("/customers")).status_code == 403
        changed = await client.patch(f"/admin/users/{person.user}", json={"role": "staff", "memberType": "honorary"})
        assert (changed.status_code, changed.json()["role"], changed.headers["ETag"]) == (200, "staff", '"2"')
        assert (await theirs.get("/customers")).status_code == 200
        again = await client.patch(f"/admin/users/{person.user}", json={"role": "staff"})
        assert again.headers["ETag"] == '"2"'
        stale = await client.patch(f"/admin/users/{person.user}", json={"role": "member"}, headers={"If-Match": '"1"'})
        assert (stale.status_code, stale.json()["code"]) == (412, "version_conflict")
    assert await roles_differ(house, tenant) == 0
    assert sorted(event["type"] for event in await events_of(house, tenant)) == ["user.role_changed", "user.updated"]


@pytest.mark.parametrize("actor", [Role.OWNER, Role.ADMIN])
@pytest.mark.parametrize("subject", Role)
@pytest.mark.parametrize("wanted", Role)
async def test_nobody_raises_above_themselves_nor_touches_somebody_above(
    house: House, tenant: Tenant, actor: Role, subject: Role, wanted: Role
) -> None:
    person = await new_person(house, tenant, subject)
    highest_first = list(Role)
    allowed = highest_first.index(actor) <= min(highest_first.index(subject), highest_first.index(wanted))
    async with house.client(tenant.people[actor].token) as client:
        answer = await client.patch(f"/admin/users/{person.user}", json={"role": wanted.value})
    assert (answer.status_code == 200) == allowed, answer.text
    assert allowed or answer.json()["code"] == "forbidden"
    assert await roles_differ(house, tenant) == 0


@pytest.mark.parametrize(("method", "tail"), [("POST", "/suspend"), ("POST", "/activate"), ("DELETE", "")])
async def test_an_admin_touches_no_owner_and_nobody_themselves(
    house: House, tenant: Tenant, method: str, tail: str
) -> None:
    admin, owner = tenant.people[Role.ADMIN], await new_person(house, tenant, Role.OWNER)
    body = {"json": REASON} if tail == "/suspend" else {}
    async with house.client(admin.token) as client:
        for person in (owner, admin):
            answer = await client.request(method, f"/admin/users/{person.user}{tail}", **body)  # type: ignore[arg-type]  # a body for one of them
            assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    async with house.client(tenant.owner.token) as client:
        allowed = await client.request(method, f"/admin/users/{owner.user}{tail}", **body)  # type: ignore[arg-type]  # as above
        assert allowed.is_success, allowed.text


async def test_the_last_owner_stays_one(house: House, tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client:
        refused = await client.patch(f"/admin/users/{tenant.owner.user}", json={"role": "admin"})
        assert (refused.status_code, refused.json()["code"]) == (422, "last_owner")
        other = await new_person(house, tenant, Role.OWNER)
        assert (await client.post(f"/admin/users/{other.user}/suspend", json=REASON)).status_code == 200
        refused = await client.patch(f"/admin/users/{tenant.owner.user}", json={"role": "admin"})
        assert (refused.status_code, refused.json()["code"]) == (422, "last_owner")
        assert (await client.post(f"/admin/users/{other.user}/activate")).status_code == 200
        allowed = await client.patch(f"/admin/users/{tenant.owner.user}", json={"role": "admin"})
        assert allowed.status_code == 200
    assert await owners(house, tenant) == 1


async def test_of_two_owners_who_demote_each_other_one_stays(house: House, tenant: Tenant) -> None:
    for _ in range(20):
        first, second = tenant.owner, await new_person(house, tenant, Role.OWNER)

        async def demote(actor: Person, subject: Person) -> int:
            async with house.client(actor.token) as client:
                return (await client.patch(f"/admin/users/{subject.user}", json={"role": "staff"})).status_code

        answers = await asyncio.gather(demote(first, second), demote(second, first))
        assert min(answers) == 200
        assert max(answers) in {403, 422}
        assert await owners(house, tenant) == 1
        async with inspector(house) as admin:
            for table, key in (("users", "id"), ("directory.memberships", "user_id")):
                await admin.execute(f"update {table} set role = 'owner' where {key} = $1", first.user)
                await admin.execute(f"update {table} set role = 'member' where {key} = $1", second.user)


async def test_twenty_at_once_leave_an_owner(house: House, tenant: Tenant) -> None:
    everybody = [tenant.owner, *[await new_person(house, tenant, Role.OWNER) for _ in range(3)]]

    async def demote(at: int) -> int:
        actor, subject = everybody[at % 4], everybody[(at + 1 + at // 4 % 3) % 4]
        async with house.client(actor.token) as client:
            return (await client.patch(f"/admin/users/{subject.user}", json={"role": "staff"})).status_code

    counted = Counter(await asyncio.gather(*(demote(at) for at in range(20))))
    assert set(counted) <= {200, 403, 422, 503}, counted
    assert counted[200] > 0
    assert await owners(house, tenant) >= 1
    assert await roles_differ(house, tenant) == 0


async def test_the_suspended_are_out_until_they_are_activated(house: House, tenant: Tenant) -> None:
    person = await new_person(house, tenant, display_name="Ada Lovelace")
    assert await status_of(house, person) == 200
    async with house.client(tenant.owner.token) as client:
        suspended = await client.post(f"/admin/users/{person.user}/suspend", json=REASON)
        assert suspended.json()["suspensionReason"] == REASON["reason"]
        assert (suspended.json()["isActive"], suspended.json()["suspendedAt"] is not None) == (False, True)
        assert await status_of(house, person) == 401
        again = await client.post(f"/admin/users/{person.user}/suspend", json={"reason": "Another"})
        assert again.json() == suspended.json()
        await house.follow_up()
        (letter,) = house.mail_to(person.email)
        assert "suspended" in letter.subject
        assert REASON["reason"] in letter.text
        assert REASON["reason"] in letter.html
        active = await client.post(f"/admin/users/{person.user}/activate")
        assert (active.json()["isActive"], active.json()["suspensionReason"]) == (True, None)
        assert await status_of(house, person) == 401
        await house.follow_up()
        assert house.mail_to(person.email)[0].subject.endswith("is restored")
    assert await roles_differ(house, tenant) == 0


async def test_a_repeated_suspension_with_its_key_answers_the_same_once(house: House, tenant: Tenant) -> None:
    person = await new_person(house, tenant)
    async with house.client(tenant.owner.token) as client:
        answers = [
            await client.post(f"/admin/users/{person.user}/suspend", json=REASON, headers={"Idempotency-Key": "once"})
            for _ in range(2)
        ]
    assert answers[0].json() == answers[1].json()
    assert answers[1].headers["Idempotency-Replayed"] == "true"


async def listed(house: House, person: Person, **params: str) -> list[dict[str, Any]]:
    async with house.client(person.token) as client:
        answer = await client.get("/admin/users", params={"limit": "100", **params})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def test_the_list_is_filtered_sorted_and_says_who_was_here(house: House, tenant: Tenant) -> None:
    person = await new_person(house, tenant, Role.STAFF, display_name="Ada Lovelace", member_type="regular")
    boss = tenant.people[Role.ADMIN]
    async with house.client(tenant.owner.token) as client:
        assert (await client.post(f"/admin/users/{person.user}/suspend", json=REASON)).status_code == 200
    wanted = {
        "search": ("lovelace", [person.user]), "memberType": ("regular", [person.user]),
        "status": ("suspended", [person.user]), "role": ("owner", [tenant.owner.user]),
        "registeredFrom": ("2999-01-01", []), "registeredTo": ("2000-01-01", []),
    }  # fmt: skip
    for name, (value, expected) in wanted.items():
        assert [each["id"] for each in await listed(house, boss, **{name: value})] == [str(user) for user in expected]
    assert len(await listed(house, boss, status="active")) == 4
    everybody = await listed(house, boss, sort="name")
    assert [each["displayName"] for each in everybody] == ["Ada Lovelace", "admin", "member", "owner", "staff"]
    assert [each["openSessions"] for each in everybody] == [0, 1, 1, 1, 1]
    assert all(each["lastLoginAt"] for each in everybody)
    assert (await listed(house, boss, search=person.email))[0]["email"] == person.email
    async with house.client(boss.token) as client:
        for bad in ({"registeredFrom": "soon"}, {"status": "gone"}, {"role": "king"}, {"from": "2020-01-01"}):
            assert (await client.get("/admin/users", params=bad)).status_code == 400
        wrong_order = await client.get(
            "/admin/users", params={"registeredFrom": "2021-01-01", "registeredTo": "2020-01-01"}
        )
        assert wrong_order.json()["errors"][0]["field"] == "registeredTo"

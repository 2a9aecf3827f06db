"""Invitations over HTTP. Attack 60."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domains.shared.permissions import Role
from tests.support.house import House
from tests.support.people import Person, Tenant
from tests.support.registrations import PASSWORD, an_address, log_in
from tests.support.signed_up import NEW_PASSWORD, mailed_token, post, signed_up, subjects
from tests.support.stories import inspector

PATH = "/admin/invitations"


async def invited(house: House, by: Person, email: str, role: str = "staff") -> dict[str, Any]:
    answer = await post(house, PATH, {"email": email, "role": role}, by.token)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def token_of(house: House, email: str) -> str:
    return await mailed_token(house, email, "invitation")


async def accept(house: House, token: str, session: str | None = None, **fields: Any) -> Any:
    body = {"displayName": "Ada Byron", **({} if session else {"password": PASSWORD}), **fields}
    return await post(house, f"/auth/invitations/{token}/accept", body, session)


async def test_somebody_new_accepts_and_is_signed_in(house: House, tenant: Tenant) -> None:
    email = an_address()
    made = await invited(house, tenant.owner, email.upper(), "admin")
    assert (made["email"], made["role"], made["status"]) == (email, "admin", "pending")
    week = datetime.fromisoformat(made["expiresAt"]) - datetime.fromisoformat(made["createdAt"])
    assert (week, made["acceptedAt"], made["invitedBy"]) == (timedelta(days=7), None, str(tenant.owner.user))
    answer = await accept(house, await token_of(house, email))
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["user"]["role"], found["user"]["displayName"]) == ("admin", "Ada Byron")
    assert (found["tenant"]["slug"], found["user"]["email"]) == (tenant.slug, email)
    assert (await log_in(house, email)).status_code == 200
    await house.follow_up()
    assert subjects(house, email)[0] == f"Welcome to {tenant.slug}"
    async with house.client(tenant.owner.token) as client:
        listed = (await client.get(PATH, params={"status": "accepted"})).json()["items"]
    assert [(each["id"], each["status"]) for each in listed] == [(made["id"], "accepted")]


async def test_whoever_has_an_account_accepts_with_its_password_or_session(house: House, tenant: Tenant) -> None:
    for way in ("password", "session"):
        person = await signed_up(house)
        await invited(house, tenant.owner, person.email)
        token = await token_of(house, person.email)
        refused = await accept(house, token, password=NEW_PASSWORD)
        assert (refused.status_code, refused.json()["code"]) == (401, "invalid_credentials")
        answer = await accept(house, token, person.token if way == "session" else None)
        assert answer.status_code == 200, answer.text
        assert (answer.json()["user"]["role"], len(answer.json()["tenants"])) == ("staff", 2)
        assert (await log_in(house, person.email)).status_code == 200
        assert (await log_in(house, person.email, NEW_PASSWORD)).status_code == 401


async def test_anothers_session_accepts_nothing(house: House, tenant: Tenant) -> None:
    other, email = await signed_up(house), an_address()
    await invited(house, tenant.owner, email)
    token = await token_of(house, email)
    refused = await accept(house, token, other.token)
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert (await accept(house, token, "no token")).status_code == 401
    assert (await accept(house, token)).status_code == 200


@pytest.mark.parametrize("known", [False, True])
async def test_twenty_who_accept_at_once_are_one(house: House, tenant: Tenant, known: bool) -> None:
    email = (await signed_up(house)).email if known else an_address()
    await invited(house, tenant.owner, email)
    token = await token_of(house, email)
    answers = await asyncio.gather(*(accept(house, token) for _ in range(20)))
    statuses = [answer.status_code for answer in answers]
    assert statuses.count(200) == 1, statuses
    assert set(statuses) <= {200, 401, 410, 503}
    async with inspector(house) as admin:
        users = await admin.fetchval("select count(*) from users where tenant_id = $1 and email = $2", tenant.id, email)
    assert users == 1


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ("expires_at = now()", 410),
        ("revoked_at = now()", 410),
        ("accepted_at = now()", 410),
        ("expires_at = now() + interval '1 minute'", 200),
    ],
)
async def test_what_is_over_is_gone(house: House, tenant: Tenant, change: str, status: int) -> None:
    email = an_address()
    await invited(house, tenant.owner, email)
    token = await token_of(house, email)
    async with inspector(house) as admin:
        await admin.execute(f"update invitations set {change} where tenant_id = $1 and email = $2", tenant.id, email)
    answer = await accept(house, token)
    assert answer.status_code == status
    assert status == 200 or answer.json()["code"] == "expired"


async def test_a_revoked_link_is_dead_and_an_unknown_one_is_none(house: House, tenant: Tenant) -> None:
    email = an_address()
    made = await invited(house, tenant.owner, email)
    token = await token_of(house, email)
    async with house.client(tenant.owner.token) as client:
        stale = await client.delete(f"{PATH}/{made['id']}", headers={"If-Match": '"7"'})
        assert (stale.status_code, stale.json()["code"]) == (412, "version_conflict")
        assert (await client.delete(f"{PATH}/{made['id']}", headers={"If-Match": '"1"'})).status_code == 204
        assert (await client.delete(f"{PATH}/{made['id']}")).status_code == 204
    assert (await accept(house, token)).json()["code"] == "expired"
    unknown = await accept(house, "x" * 43)
    assert (unknown.status_code, unknown.json()["code"]) == (400, "invalid_token")
    await invited(house, tenant.owner, email)
    assert (await accept(house, await token_of(house, email))).status_code == 200


async def test_sending_again_makes_a_new_link(house: House, tenant: Tenant) -> None:
    email = an_address()
    made = await invited(house, tenant.owner, email)
    first = await token_of(house, email)
    async with inspector(house) as admin:
        await admin.execute("update invitations set expires_at = now() - interval '1 second' where email = $1", email)
    answer = await post(house, f"{PATH}/{made['id']}/resend", {}, tenant.owner.token)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["status"], answer.json()["version"]) == ("pending", 2)
    assert datetime.fromisoformat(answer.json()["expiresAt"]) > datetime.now(UTC) + timedelta(days=6)
    second = await token_of(house, email)
    assert first != second
    assert (await accept(house, first)).json()["code"] == "invalid_token"
    assert (await accept(house, second)).status_code == 200
    again = await post(house, f"{PATH}/{made['id']}/resend", {}, tenant.owner.token)
    assert (again.status_code, again.json()["code"]) == (409, "conflict")


@pytest.mark.parametrize(
    ("by", "role", "status"),
    [
        (Role.OWNER, "owner", 201),
        (Role.ADMIN, "owner", 403),
        (Role.ADMIN, "admin", 201),
        (Role.ADMIN, "member", 201),
        (Role.STAFF, "member", 403),
        (Role.MEMBER, "member", 403),
    ],
)
async def test_nobody_gives_a_role_above_their_own(
    house: House, tenant: Tenant, by: Role, role: str, status: int
) -> None:
    answer = await post(house, PATH, {"email": an_address(), "role": role}, tenant.people[by].token)
    assert answer.status_code == status


async def test_an_admin_does_not_resend_what_only_an_owner_could_send(house: House, tenant: Tenant) -> None:
    made = await invited(house, tenant.owner, an_address(), "owner")
    answers = [
        await post(house, f"{PATH}/{made['id']}/resend", {}, tenant.people[role].token)
        for role in (Role.ADMIN, Role.OWNER)
    ]
    assert [answer.status_code for answer in answers] == [403, 200]


async def test_one_pending_invitation_an_address(house: House, tenant: Tenant) -> None:
    email, member = an_address(), tenant.people[Role.MEMBER].email
    body = {"email": email, "role": "staff"}
    answers = await asyncio.gather(*(post(house, PATH, body, tenant.owner.token) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]
    user = await post(house, PATH, {"email": member, "role": "staff"}, tenant.owner.token)
    assert (user.status_code, user.json()["code"]) == (409, "already_exists")
    async with inspector(house) as admin:
        await admin.execute("update invitations set expires_at = now() - interval '1 second' where email = $1", email)
    assert (await post(house, PATH, body, tenant.owner.token)).status_code == 201


async def test_they_are_listed_a_page_at_a_time(house: House, tenant: Tenant) -> None:
    made = [await invited(house, tenant.owner, an_address()) for _ in range(3)]
    async with house.client(tenant.owner.token) as client:
        first = (await client.get(PATH, params={"limit": 2, "includeTotal": True})).json()
        rest = (await client.get(PATH, params={"limit": 2, "cursor": first["nextCursor"]})).json()
        none = (await client.get(PATH, params={"status": "revoked"})).json()
    assert [each["id"] for each in (*first["items"], *rest["items"])] == [each["id"] for each in reversed(made)]
    assert (first["total"], rest["nextCursor"], none["items"]) == (3, None, [])


async def test_known_and_unknown_addresses_are_invited_alike(house: House, tenant: Tenant) -> None:
    known = (await signed_up(house)).email
    for email in (known, an_address()):
        made = await invited(house, tenant.owner, email)
        assert sorted(made) == sorted(await invited(house, tenant.owner, an_address()))
        assert made["version"] == 1
        await house.follow_up()
        assert subjects(house, email)[0] == f"owner invites you to {tenant.slug}"


async def test_a_weak_password_or_none_is_no_account(house: House, tenant: Tenant) -> None:
    email = an_address()
    await invited(house, tenant.owner, email)
    token = await token_of(house, email)
    for password, code in (("Password1", "too_common"), (None, "required")):
        answer = await accept(house, token, password=password)
        assert [error["code"] for error in answer.json()["errors"]] == [code]
    assert (await accept(house, token)).status_code == 200


async def test_every_step_is_in_the_audit_log(house: House, tenant: Tenant) -> None:
    email = an_address()
    made = await invited(house, tenant.owner, email)
    assert (await accept(house, await token_of(house, email))).status_code == 200
    async with inspector(house) as admin:
        noted = await admin.fetch(
            "select action, changes, personal from audit_log where subject_id = $1 order by id", made["id"]
        )
    assert [row["action"] for row in noted] == ["invitation.created", "invitation.accepted"]
    assert email not in noted[0]["changes"]
    assert email in noted[0]["personal"]


@pytest.mark.parametrize("deed", ["demoted", "suspended", "erased"])
async def test_an_invitation_is_worth_what_its_maker_may_still_give(house: House, tenant: Tenant, deed: str) -> None:
    admin, email = tenant.people[Role.ADMIN], an_address()
    made = await invited(house, admin, email, "admin")
    token = await token_of(house, email)
    async with house.client(tenant.owner.token) as client:
        path = f"/admin/users/{admin.user}"
        if deed == "demoted":
            answer = await client.patch(path, json={"role": "staff"})
        elif deed == "suspended":
            answer = await client.post(f"{path}/suspend", json={"reason": "Left in anger."})
        else:
            answer = await client.delete(path)
    assert answer.status_code < 300, answer.text
    refused = await accept(house, token)
    assert (refused.status_code, refused.json()["code"]) == (410, "expired")
    again = await post(house, f"{PATH}/{made['id']}/resend", {}, tenant.owner.token)
    assert (again.status_code, again.json()["invitedBy"]) == (200, str(tenant.owner.user))
    assert (await accept(house, await token_of(house, email))).status_code == 200


async def test_nobody_joins_a_business_that_is_closed(house: House, tenant: Tenant) -> None:
    email = an_address()
    await invited(house, tenant.owner, email)
    token = await token_of(house, email)
    async with inspector(house) as admin:
        set_to = "update directory.tenants set deletes_at = {} where id = $1"
        await admin.execute(set_to.format("now() + interval '1 day'"), tenant.id)
        assert (await accept(house, token)).json()["code"] == "expired"
        await admin.execute(set_to.format("null"), tenant.id)
    assert (await accept(house, token)).status_code == 200

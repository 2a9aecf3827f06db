"""API keys: what they open, and when they stop. Attacks C3 59 and C2 43."""

import asyncio
import hashlib
from typing import Any
from uuid import UUID

import httpx
import pytest

from domains.identity import LiveSessions
from domains.shared.limits import LimitName, Rate, RateLimits
from domains.shared.permissions import PERSONAL, Permission, Role
from infra.remembered_sessions import RememberedSessions
from tests.support.databases import TestDatabase
from tests.support.house import House, house_over
from tests.support.people import Person, Tenant, new_tenant
from tests.support.registrations import PASSWORD
from tests.support.signed_up import NEW_PASSWORD, again, mailed_token, post, signed_up
from tests.support.signing_in import status_of
from tests.support.soon import becomes
from tests.support.stories import inspector
from tests.support.waiting import blocked

Json = dict[str, Any]
READING = {"name": "Booking form", "scopes": ["customers:read"]}
WRITING = {"name": "Importer", "scopes": ["customers:write", "customers:read"], "expiresInDays": 30}

_REVOKED = "select tenant_id from audit_log where action = 'api_key.revoked' and tenant_id = any ($1)"


async def made(house: House, person: Person, order: Json | None = None) -> Json:
    async with house.client(person.token) as client:
        answer = await client.post("/api-keys", json=order or READING)
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    return found


async def asked(house: House, key: str, method: str, path: str, **kwargs: Any) -> httpx.Response:
    async with house.client(key) as client:
        return await client.request(method, path, **kwargs)


async def listed(house: House, person: Person) -> list[Json]:
    async with house.client(person.token) as client:
        found: list[Json] = (await client.get("/api-keys")).json()["items"]
    return found


async def change(house: House, person: Person, what: str) -> None:
    async with inspector(house) as admin:
        await admin.execute(f"update directory.memberships set {what} where user_id = $1", person.user)


async def test_a_key_is_shown_once_and_stored_as_a_digest(house: House, tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client:
        answer = await client.post("/api-keys", json=WRITING, headers={"Idempotency-Key": "ignored"})
        again = await client.post("/api-keys", json=WRITING, headers={"Idempotency-Key": "ignored"})
    key = answer.json()
    assert (answer.status_code, answer.headers["Location"]) == (201, f"/api/v1/api-keys/{key['id']}")
    assert key["key"] != again.json()["key"]
    assert key["key"].startswith(key["prefix"])
    assert len(key["prefix"]) == 12
    assert key["scopes"] == ["customers:read", "customers:write"]
    shown = next(each for each in await listed(house, tenant.owner) if each["id"] == key["id"])
    assert shown == {name: value for name, value in key.items() if name != "key"}
    async with inspector(house) as admin:
        stored = await admin.fetch("select * from directory.api_keys k join api_keys a using (tenant_id, id)")
        entries = await admin.fetch("select * from audit_log where tenant_id = $1", tenant.id)
    assert hashlib.sha256(key["key"].encode()).digest() in [row["digest"] for row in stored]
    assert key["key"] not in str([dict(row) for row in (*stored, *entries)])
    assert [entry["action"] for entry in entries] == ["api_key.created", "api_key.created"]


async def test_a_key_does_what_its_scopes_say_and_no_more(house: House, tenant: Tenant) -> None:
    reading, writing = await made(house, tenant.owner), await made(house, tenant.owner, WRITING)
    created = await asked(house, writing["key"], "POST", "/customers", json={"name": "Grace"})
    assert created.status_code == 201
    assert (await asked(house, reading["key"], "GET", f"/customers/{created.json()['id']}")).status_code == 200
    refused = await asked(house, reading["key"], "POST", "/customers", json={"name": "Ada"})
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert (await asked(house, writing["key"], "GET", "/admin/audit-log")).status_code == 403


async def test_what_a_key_does_is_in_the_audit_log_as_its_own(house: House, tenant: Tenant) -> None:
    key = await made(house, tenant.owner, WRITING)
    await asked(house, key["key"], "POST", "/customers", json={"name": "Grace"})
    await asked(house, key["key"], "GET", "/admin/audit-log")
    async with house.client(tenant.owner.token) as client:
        found = (await client.get("/admin/audit-log", params={"sort": "occurredAt"})).json()["items"]
    assert [(entry["action"], entry["apiKeyId"]) for entry in found] == [
        ("api_key.created", None),
        ("customer.created", key["id"]),
        ("access.refused", key["id"]),
    ]
    assert {entry["actorId"] for entry in found} == {str(tenant.owner.user)}


async def test_a_key_works_in_its_tenant_only(house: House, tenant: Tenant, other_tenant: Tenant) -> None:
    key = await made(house, tenant.owner)
    async with house.client(other_tenant.owner.token) as client:
        foreign = (await client.post("/customers", json={"name": "Grace"})).json()["id"]
        assert (await client.delete(f"/api-keys/{key['id']}")).status_code == 404
    assert (await asked(house, key["key"], "GET", "/customers")).json()["items"] == []
    assert (await asked(house, key["key"], "GET", f"/customers/{foreign}")).status_code == 404
    assert key["id"] not in str(await listed(house, other_tenant.owner))


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/auth/sessions", None),
        ("POST", "/auth/logout", None),
        ("POST", "/auth/switch-tenant", {"tenantId": "01920000-0000-7000-8000-000000000001"}),
        ("DELETE", "/auth/sessions/01920000-0000-7000-8000-000000000001", None),
        ("GET", "/api-keys", None),
        ("POST", "/api-keys", READING),
        ("DELETE", "/api-keys/01920000-0000-7000-8000-000000000001", None),
        ("POST", "/ws/ticket", None),
    ],
)
async def test_no_key_touches_what_guards_accounts(
    house: House, tenant: Tenant, method: str, path: str, body: Json | None
) -> None:
    """Not even one whose scopes were widened behind our back."""
    key = await made(house, tenant.owner)
    async with inspector(house) as admin:
        everything = [each.value for each in Permission]
        await admin.execute("update directory.api_keys set scopes = $1 where id = $2", everything, UUID(key["id"]))
    assert (await asked(house, key["key"], "GET", "/admin/audit-log")).status_code == 200
    answer = await asked(house, key["key"], method, path, json=body)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    async with house.client(tenant.owner.token) as client:
        allowed = await client.request(method, path, json=body)
    assert allowed.status_code in {200, 201, 204, 404}


@pytest.mark.breaks_invariants("a role that was changed in one place only")
async def test_scopes_are_never_above_the_maker(house: House, tenant: Tenant) -> None:
    above = {"name": "All", "scopes": ["customers:read", "audit:read"]}
    for role, status in ((Role.OWNER, 201), (Role.ADMIN, 201), (Role.STAFF, 403), (Role.MEMBER, 403)):
        async with house.client(tenant.people[role].token) as client:
            assert (await client.post("/api-keys", json=above)).status_code == status
    admin_s = await made(house, tenant.people[Role.ADMIN], above)
    assert await status_of(house, admin_s["key"], "/admin/audit-log") == 200
    await change(house, tenant.people[Role.ADMIN], "role = 'staff'")
    await becomes(403, lambda: status_of(house, admin_s["key"], "/admin/audit-log"))
    assert await status_of(house, admin_s["key"], "/customers") == 200
    await change(house, tenant.people[Role.ADMIN], "role = 'owner'")
    await becomes(200, lambda: status_of(house, admin_s["key"], "/admin/audit-log"))


@pytest.mark.parametrize("scope", sorted(PERSONAL))
async def test_what_only_a_person_may_do_is_no_scope(house: House, tenant: Tenant, scope: str) -> None:
    async with house.client(tenant.owner.token) as client:
        answer = await client.post("/api-keys", json={"name": "Thief", "scopes": ["customers:read", scope]})
    assert answer.status_code == 400
    assert [(each["field"], each["code"]) for each in answer.json()["errors"]] == [("scopes[1]", "not_for_keys")]


@pytest.mark.parametrize(
    ("order", "field"),
    [
        ({"scopes": ["customers:read"]}, "name"),
        ({"name": " ", "scopes": ["customers:read"]}, "name"),
        ({"name": "a\nb", "scopes": ["customers:read"]}, "name"),
        ({"name": "None", "scopes": []}, "scopes"),
        ({"name": "Unknown", "scopes": ["everything"]}, "scopes[0]"),
        ({"name": "Never", "scopes": ["customers:read"], "expiresInDays": 0}, "expiresInDays"),
        ({"name": "Too long", "scopes": ["customers:read"], "expiresInDays": 731}, "expiresInDays"),
        ({"name": "More", "scopes": ["customers:read"], "role": "owner"}, "role"),
    ],
)
async def test_a_wrong_order_is_refused_by_field(house: House, tenant: Tenant, order: Json, field: str) -> None:
    async with house.client(tenant.owner.token) as client:
        answer = await client.post("/api-keys", json=order)
    assert (answer.status_code, [each["field"] for each in answer.json()["errors"]]) == (400, [field])


async def test_a_revoked_key_is_refused_at_once(house: House, tenant: Tenant) -> None:
    key = await made(house, tenant.owner)
    assert await status_of(house, key["key"], "/customers") == 200
    async with house.client(tenant.people[Role.ADMIN].token) as client:
        assert (await client.delete(f"/api-keys/{key['id']}")).status_code == 204
        assert (await client.delete(f"/api-keys/{key['id']}")).status_code == 404
    assert await status_of(house, key["key"], "/customers") == 401
    assert await listed(house, tenant.owner) == []


async def test_a_key_ends_with_its_time(house: House, tenant: Tenant) -> None:
    key = await made(house, tenant.owner, WRITING)
    assert await status_of(house, key["key"], "/customers") == 200
    async with inspector(house) as admin:
        for table in ("directory.api_keys", "api_keys"):
            await admin.execute(f"update {table} set expires_at = now() where id = $1", UUID(key["id"]))
    await becomes(401, lambda: status_of(house, key["key"], "/customers"))
    assert [each["status"] for each in await listed(house, tenant.owner)] == ["expired"]


async def test_a_key_dies_with_its_maker_s_suspension_for_good(house: House, tenant: Tenant) -> None:
    maker = tenant.people[Role.ADMIN]
    key, other = await made(house, maker), await made(house, tenant.owner)
    assert await status_of(house, key["key"], "/customers") == 200
    await change(house, maker, "suspended_at = now()")
    await becomes(401, lambda: status_of(house, key["key"], "/customers"))
    await change(house, maker, "suspended_at = null")
    assert await status_of(house, key["key"], "/customers") == 401
    assert await status_of(house, other["key"], "/customers") == 200
    assert {each["id"]: each["status"] for each in await listed(house, tenant.owner)} == {
        key["id"]: "revoked",
        other["id"]: "active",
    }


async def key_of(house: House, token: str) -> str:
    async with house.client(token) as client:
        return str((await client.post("/api-keys", json=READING)).json()["key"])


async def test_a_key_is_told_of_its_own_tenant_and_nothing_of_the_account(house: House) -> None:
    person = await signed_up(house)
    async with house.client(person.token) as client:
        await client.post("/tenants", json={"name": "Second Business"})
        key = (await client.post("/api-keys", json={"name": "Seer", "scopes": ["profile:read"]})).json()["key"]
        own = (await client.get("/auth/me")).json()
    told = (await asked(house, key, "GET", "/auth/me")).json()
    assert [len(each["tenants"]) for each in (own, told)] == [2, 1]
    assert told["tenants"][0]["id"] == person.tenant["id"]
    assert (told["twoFactor"], own["twoFactor"]["enabled"]) == (None, False)


async def test_keys_end_with_a_password_that_is_reset(house: House) -> None:
    """In every tenant of the person, at once; each tenant is told. Others' keys go on."""
    person, other = await signed_up(house), await signed_up(house)
    async with house.client(person.token) as client:
        second = (await client.post("/tenants", json={"name": "Second Business"})).json()["id"]
        there = (await client.post("/auth/switch-tenant", json={"tenantId": second})).json()["accessToken"]
    keys = [await key_of(house, token) for token in (person.token, there, other.token)]
    await post(house, "/auth/forgot-password", {"email": person.email})
    token = await mailed_token(house, person.email, "reset-password")
    assert [await status_of(house, key, "/customers") for key in keys] == [200, 200, 200]
    reset = await post(house, "/auth/reset-password", {"token": token, "newPassword": NEW_PASSWORD})
    assert reset.status_code == 204
    assert [await status_of(house, key, "/customers") for key in keys] == [401, 401, 200]
    await house.follow_up()
    async with inspector(house) as admin:
        noted = await admin.fetch(_REVOKED, [UUID(each) for each in (person.tenant["id"], second, other.tenant["id"])])
    assert {str(row["tenant_id"]) for row in noted} == {person.tenant["id"], second}
    async with house.client(await again(house, person.email, NEW_PASSWORD)) as client:
        assert (await client.get("/api-keys")).json()["items"] == []
    async with house.client(other.token) as client:
        assert len((await client.get("/api-keys")).json()["items"]) == 1


@pytest.mark.parametrize(("wish", "left"), [({}, 200), ({"revokeApiKeys": False}, 200), ({"revokeApiKeys": True}, 401)])
async def test_a_change_of_password_ends_keys_where_it_says_so(house: House, wish: Json, left: int) -> None:
    person = await signed_up(house)
    key = await key_of(house, person.token)
    wrong = {"currentPassword": "Wrong-Horse-7", "newPassword": NEW_PASSWORD, **wish}
    assert (await post(house, "/auth/change-password", wrong, person.token)).status_code == 401
    assert await status_of(house, key, "/customers") == 200
    order = {**wrong, "currentPassword": PASSWORD}
    assert (await post(house, "/auth/change-password", order, person.token)).status_code == 204
    assert await status_of(house, key, "/customers") == left
    await house.follow_up()
    async with house.client(person.token) as client:
        assert len((await client.get("/api-keys")).json()["items"]) == (1 if left == 200 else 0)


async def test_no_key_is_made_in_a_session_that_ends_meanwhile(house: House, tenant: Tenant) -> None:
    """Whoever is being put out cannot leave a key behind: the session is looked at again, under a lock."""
    owner = tenant.owner
    assert await status_of(house, owner.token) == 200
    async with inspector(house) as admin:
        ending = admin.transaction()
        await ending.start()
        await admin.execute("delete from directory.sessions where id = $1", owner.session)
        making = asyncio.create_task(post(house, "/api-keys", READING, owner.token))
        await blocked(admin)
        await ending.commit()
    assert (await making).status_code == 401
    assert await listed(house, tenant.people[Role.ADMIN]) == []


async def test_what_cannot_be_a_key_is_refused_without_asking(house: House, tenant: Tenant) -> None:
    key = (await made(house, tenant.owner))["key"]
    for wrong in ("fd_live_", key[:-1], key + "a", key[:-1] + ("a" if key[-1] != "a" else "b"), key.upper()):
        answer = await asked(house, wrong, "GET", "/customers")
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert await status_of(house, key, "/customers") == 200


async def test_the_last_use_is_shown_and_costs_a_request_nothing(house: House, tenant: Tenant) -> None:
    key = await made(house, tenant.owner)
    assert (await listed(house, tenant.owner))[0]["lastUsedAt"] is None
    for _ in range(3):
        await asked(house, key["key"], "GET", "/customers")
    assert (await listed(house, tenant.owner))[0]["lastUsedAt"] is None
    remembered = await house.container.get(RememberedSessions)
    assert UUID(key["id"]) in remembered.used
    assert await house.container.get(LiveSessions) is remembered


async def test_a_key_is_a_caller_of_its_own(own_database: TestDatabase, tmp_path: Any) -> None:
    limits = RateLimits({LimitName.CALLER: (Rate(5, 60),)})
    async with house_over(own_database, tmp_path, limits=limits) as house:
        tenant = await new_tenant(house)
        first, second = await made(house, tenant.owner), await made(house, tenant.owner)
        statuses = [await status_of(house, first["key"], "/customers") for _ in range(6)]
        assert statuses == [200] * 5 + [429]
        assert await status_of(house, second["key"], "/customers") == 200
        assert await status_of(house, tenant.owner.token, "/customers") == 200


async def test_one_key_s_idempotency_is_not_another_s(house: House, tenant: Tenant) -> None:
    first, second = await made(house, tenant.owner, WRITING), await made(house, tenant.owner, WRITING)
    ids = [
        (
            await asked(
                house, key["key"], "POST", "/customers", json={"name": "Grace"}, headers={"Idempotency-Key": "one"}
            )
        ).json()["id"]
        for key in (first, first, second)
    ]
    assert ids[0] == ids[1] != ids[2]

"""Erasing users, and leaving: what is gone, what stays, and that the audit log still proves itself. Attack 220."""

import asyncpg
import pytest

from domains.identity import PasswordHasher
from domains.shared.ids import new_id
from domains.shared.permissions import Role
from tests.support.house import House
from tests.support.people import Person, Tenant, new_person
from tests.support.sealing import seal_all
from tests.support.stories import inspector

PHONE = "+12125550177"
PASSWORD = "Correct-Hörse-7%"
TEXTS = """
    select table_schema || '.' || table_name as name, array_agg(format('%I::text', column_name)) as words
    from (select c.* from information_schema.columns c where c.table_schema in ('public', 'directory', 'work')
          and c.data_type in ('text', 'jsonb', 'json', 'ARRAY')) c
    group by 1
"""


async def holding(admin: asyncpg.Connection, text: str) -> list[str]:
    """The tables that hold `text` in any of their words."""
    found = []
    for table in await admin.fetch(TEXTS):
        words = " || ' ' || ".join(f"coalesce({each}, '')" for each in table["words"])
        if await admin.fetchval(f"select exists (select from {table['name']} where {words} ilike $1)", f"%{text}%"):
            found.append(table["name"])
    return sorted(found)


async def lovelace(house: House, tenant: Tenant) -> Person:
    """Somebody who has said and done a good deal, with a password."""
    person = await new_person(house, tenant, Role.STAFF)
    hashed = await (await house.container.get(PasswordHasher)).hash(PASSWORD)
    async with inspector(house) as admin:
        await admin.execute("update directory.accounts set password_hash = $2 where id = $1", person.account, hashed)
        await admin.execute(
            "insert into directory.security_events (id, occurred_at, action, account_id, address)"
            " values ($1, now(), 'login.refused', $2, $3)",
            new_id(), person.account, person.email,
        )  # fmt: skip
    async with house.client(person.token) as client:
        for body in (
            {"displayName": f"Xq{person.user.hex}", "bio": f"Bio {person.user.hex}"},
            {"phone": PHONE},
        ):
            answer = await client.patch("/users/me", json=body, headers={"User-Agent": f"agent-{person.user.hex}"})
            assert answer.status_code == 200, answer.text
        made = await client.post(
            "/customers", json={"name": "Kept"}, headers={"Idempotency-Key": person.user.hex, "User-Agent": "x"}
        )
        assert made.status_code == 201
    return person


async def leave(house: House, person: Person, password: str) -> tuple[int, str]:
    async with house.client(person.token) as client:
        answer = await client.delete("/users/me", headers={"Current-Password": password})
    return answer.status_code, "" if answer.is_success else answer.json()["code"]


async def gone(house: House, tenant: Tenant, person: Person) -> None:
    """Nothing of the person is left; what was done for the business is, and the log proves itself."""
    await house.follow_up()
    await seal_all(house.database)
    async with inspector(house) as admin:
        assert await holding(admin, person.user.hex) == []
        assert await holding(admin, person.email) == []
        assert await holding(admin, PHONE) == []
        assert await admin.fetchval("select count(*) from directory.accounts where id = $1", person.account) == 0
        kept = "select count(*) from audit_log where tenant_id = $1 and actor_id = $2"
        assert await admin.fetchval(kept, tenant.id, person.user) > 0
    async with house.client(tenant.owner.token) as client:
        assert (await client.get("/admin/audit-log/verify")).json()["valid"] is True
        assert (await client.get("/customers")).json()["items"][0]["name"] == "Kept"
        entries = (await client.get("/admin/audit-log", params={"actor": str(person.user)})).json()["items"]
        assert {(entry["ip"], entry["agent"]) for entry in entries} == {(None, None)}
    async with house.client(person.token) as client:
        assert (await client.get("/users/me")).status_code == 401


@pytest.mark.parametrize("way", ["erased", "left"])
async def test_nothing_of_a_person_is_left(house: House, tenant: Tenant, way: str) -> None:
    person = await lovelace(house, tenant)
    await seal_all(house.database)
    async with inspector(house) as admin:
        assert {"public.users", "public.audit_log"} <= set(await holding(admin, person.user.hex))
        assert {"directory.accounts", "directory.security_events"} <= set(await holding(admin, person.email))
    if way == "erased":
        async with house.client(tenant.people[Role.ADMIN].token) as client:
            assert (await client.delete(f"/admin/users/{person.user}")).status_code == 204
            assert (await client.delete(f"/admin/users/{person.user}")).status_code == 404
    else:
        assert await leave(house, person, "Wrong-Horse-7") == (401, "invalid_credentials")
        assert await leave(house, person, "Correct-H%C3%B6rse-7%25") == (204, "")
    await gone(house, tenant, person)


async def test_who_is_of_another_tenant_keeps_the_account_and_that_user(
    house: House, tenant: Tenant, other_tenant: Tenant
) -> None:
    person, there = await lovelace(house, tenant), new_id()
    async with inspector(house) as admin:
        await admin.execute(
            "insert into directory.memberships (account_id, tenant_id, user_id, role) values ($1, $2, $3, 'member')",
            person.account, other_tenant.id, there,
        )  # fmt: skip
        await admin.execute(
            "insert into users (tenant_id, id, account_id, role, email, username, display_name, created_at, updated_at)"
            " values ($1, $2, $3, 'member', $4, 'ada', 'Ada There', now(), now())",
            other_tenant.id, there, person.account, person.email,
        )  # fmt: skip
    async with house.client(tenant.owner.token) as client:
        assert (await client.delete(f"/admin/users/{person.user}")).status_code == 204
    async with inspector(house) as admin:
        assert await admin.fetchval("select email from directory.accounts where id = $1", person.account)
        assert await admin.fetchval("select display_name from users where id = $1", there) == "Ada There"
        assert await admin.fetchval("select display_name from users where id = $1", person.user) == "Former user"


async def test_the_last_owner_stays(house: House, tenant: Tenant) -> None:
    hashed = await (await house.container.get(PasswordHasher)).hash(PASSWORD)
    async with inspector(house) as admin:
        await admin.execute(
            "update directory.accounts set password_hash = $2 where id = $1", tenant.owner.account, hashed
        )
    assert await leave(house, tenant.owner, "Correct-H%C3%B6rse-7%25") == (422, "last_owner")
    await new_person(house, tenant, Role.OWNER)
    assert await leave(house, tenant.owner, "Correct-H%C3%B6rse-7%25") == (204, "")


async def test_a_version_that_is_not_the_present_one_erases_nobody(house: House, tenant: Tenant) -> None:
    person = await new_person(house, tenant)
    async with house.client(tenant.owner.token) as client:
        refused = await client.delete(f"/admin/users/{person.user}", headers={"If-Match": '"7"'})
        assert (refused.status_code, refused.json()["code"]) == (412, "version_conflict")
        assert (await client.get(f"/users/{person.user}")).status_code == 200
        allowed = await client.delete(f"/admin/users/{person.user}", headers={"If-Match": '"1"'})
        assert allowed.status_code == 204

"""A business closes, thinks better of it, and goes: exactly its own rows, and all of them."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast
from uuid import UUID

import asyncpg
import pytest

from domains.jobs import Files
from domains.shared.clock import Clock
from domains.shared.permissions import Role
from domains.shared.work import UnitOfWork
from domains.tenants import Purging, Remains
from frontdesk.callers import Caller
from infra.postgres.clock import BusinessClock
from infra.postgres.recording import Origin
from tests.security.catalogue.rule import TABLES, TENANT_TABLES
from tests.security.rows import stored_row
from tests.support.databases import TestDatabase
from tests.support.house import House, house_over
from tests.support.people import Tenant, another_session, new_tenant
from tests.support.stories import inspector

OVER = "update directory.tenants set deletes_at = now() - interval '1 second' where id = $1"
IN_A_YEAR = """
    insert into work.envelopes (tenant_id, id, kind, subject_id, due_at)
    values ($1, gen_random_uuid(), 'letters.forget', gen_random_uuid(), now() + interval '1 year')
"""
FAR_OFF = "select count(*) from work.envelopes where tenant_id = $1 and due_at > now() + interval '300 days'"
ALL_DUE = "update work.envelopes set due_at = now() - interval '1 second' where tenant_id = $1"
DUE = "update work.envelopes set due_at = now() - interval '1 second' where tenant_id = $1 and kind = 'tenants.purge'"


@pytest.fixture
async def lonely(own_database: TestDatabase, tmp_path: Path) -> AsyncIterator[House]:
    """A house whose clock and envelopes are nobody else's."""
    async with house_over(own_database, tmp_path) as house:
        yield house


async def rows_of(admin: asyncpg.Connection, tenant: UUID) -> dict[str, int]:
    """How many rows the tenant has in each table that names tenants, in the directory too."""
    tables = await admin.fetch(f"select name from ({TABLES}) t where has_tenant order by 1")
    counted = {row[0]: await admin.fetchval(f"select count(*) from {row[0]} where tenant_id = $1", tenant)
               for row in tables}  # fmt: skip
    counted["directory.tenants"] = await admin.fetchval("select count(*) from directory.tenants where id = $1", tenant)
    return counted


async def filled(admin: asyncpg.Connection, tenant: UUID) -> None:
    """A row more in every table of the tenant's."""
    for row in await admin.fetch(f"select name from ({TENANT_TABLES}) t where name <> 'work.envelopes' order by 1"):
        await stored_row(admin, row[0], tenant)


async def letters_forgotten(house: House, admin: asyncpg.Connection, tenant: UUID) -> None:
    """Have the last letters delivered, and their time be over."""
    for _ in range(3):
        await admin.execute(ALL_DUE, tenant)
        await house.follow_up()


async def templates(admin: asyncpg.Connection, tenant: UUID) -> set[str]:
    """Of the letters that are kept a while: the last ones are written when all else is gone."""
    return {row[0] for row in await admin.fetch("select template from letters where tenant_id = $1", tenant)}


async def test_a_closed_business_is_its_owners_alone(house: House, tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as owner, house.client(tenant.people[Role.ADMIN].token) as admin:
        assert (await admin.get("/tenants/me")).status_code == 200
        closed = await owner.delete("/tenants/me")
        again = await owner.delete("/tenants/me")
        kept_out = await admin.get("/tenants/me")
        shown = (await owner.get("/tenants/me")).json()
        restored = await owner.post("/tenants/me/restore")
        still_out = await admin.get("/tenants/me")
        once_more = await owner.post("/tenants/me/restore")
    assert (closed.status_code, again.status_code) == (204, 204)
    assert (kept_out.status_code, kept_out.json()["code"]) == (401, "unauthenticated")
    assert (shown["deletesAt"] is not None, shown["version"]) == (True, 2)
    assert (restored.status_code, restored.json()["deletesAt"], restored.json()["version"]) == (200, None, 3)
    assert (still_out.status_code, once_more.json()["version"]) == (401, 3)
    async with house.client((await another_session(house, tenant.people[Role.ADMIN])).token) as admin:
        assert (await admin.get("/tenants/me")).status_code == 200


async def test_who_was_suspended_before_stays_so(house: House, tenant: Tenant) -> None:
    admin, staff = tenant.people[Role.ADMIN], tenant.people[Role.STAFF]
    async with inspector(house) as inspecting:
        await inspecting.execute("update directory.memberships set suspended_at = now() where user_id = $1", staff.user)
    async with house.client(tenant.owner.token) as owner:
        await owner.delete("/tenants/me")
        await owner.post("/tenants/me/restore")
    out, back = await another_session(house, staff), await another_session(house, admin)
    async with house.client(out.token) as kept_out, house.client(back.token) as client:
        assert (await kept_out.get("/tenants/me")).status_code == 401
        assert (await client.get("/tenants/me")).status_code == 200


@pytest.mark.parametrize("role", [Role.ADMIN, Role.STAFF, Role.MEMBER])
async def test_only_an_owner_closes_and_restores(house: House, tenant: Tenant, role: Role) -> None:
    async with house.client(tenant.people[role].token) as client:
        assert (await client.delete("/tenants/me")).status_code == 403
        assert (await client.post("/tenants/me/restore")).status_code == 403
    async with house.client(tenant.owner.token) as client:
        assert (await client.get("/tenants/me")).json()["deletesAt"] is None


async def test_a_stale_version_closes_nothing(house: House, tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client:
        assert (await client.delete("/tenants/me", headers={"If-Match": '"7"'})).status_code == 412
        assert (await client.get("/tenants/me")).json()["deletesAt"] is None
        assert (await client.delete("/tenants/me", headers={"If-Match": '"1"'})).status_code == 204


async def test_the_owners_are_told(house: House, tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client:
        await client.delete("/tenants/me")
        await house.follow_up()
        await client.post("/tenants/me/restore")
        await house.follow_up()
    subjects = [mail.subject for mail in house.mail_to(tenant.owner.email)]
    assert subjects[0] == f"{tenant.slug} is open again"
    assert re.fullmatch(rf"{tenant.slug} is closed, and will be deleted on [A-Z][a-z]+ \d+, 20\d\d", subjects[1])
    assert house.mail_to(tenant.people[Role.ADMIN].email) == []


@pytest.mark.breaks_invariants("made-up rows in every table")
async def test_in_the_end_all_of_its_rows_go_and_no_others(lonely: House) -> None:
    tenant, other = await new_tenant(lonely), await new_tenant(lonely)
    async with inspector(lonely) as admin:
        for each in (tenant, other):
            await filled(admin, each.id)
            await admin.execute(IN_A_YEAR, each.id)
        async with lonely.client(tenant.owner.token) as client:
            assert (await client.delete("/tenants/me")).status_code == 204
        await lonely.follow_up()
        before = await rows_of(admin, other.id)
        held = await rows_of(admin, tenant.id)
        assert [name for name, count in held.items() if not count and not name.startswith("directory.")] == []
        await admin.execute(OVER, tenant.id)
        await admin.execute(DUE, tenant.id)
        await lonely.follow_up()
        assert await templates(admin, tenant.id) == {"tenant_deleted"}
        assert await admin.fetchval(FAR_OFF, tenant.id) == 0
        await letters_forgotten(lonely, admin, tenant.id)
        left = {name: count for name, count in (await rows_of(admin, tenant.id)).items() if count}
        assert left == {}
        assert await rows_of(admin, other.id) == before
        people = [person.account for person in tenant.people.values()]
        assert await admin.fetchval("select count(*) from directory.accounts where id = any ($1)", people) == 0
        policy = await admin.fetchval("select policy from directory.registration_policy($1)", tenant.slug)
        again = "insert into directory.tenants (id, slug, name) values ($1, $2, 'x') on conflict do nothing"
        assert (policy, await admin.execute(again, UUID(int=1), tenant.slug)) == (None, "INSERT 0 0")
    assert lonely.mail_to(tenant.owner.email)[0].subject == f"{tenant.slug} has been deleted"
    async with lonely.client(tenant.owner.token) as client, lonely.client(other.owner.token) as theirs:
        assert (await client.get("/tenants/me")).status_code == 401
        assert (await theirs.get("/tenants/me")).status_code == 200


async def test_nothing_goes_before_its_time_nor_after_it_was_restored(lonely: House) -> None:
    tenant = await new_tenant(lonely)
    async with inspector(lonely) as admin, lonely.client(tenant.owner.token) as client:
        await client.delete("/tenants/me")
        await admin.execute(DUE, tenant.id)
        await lonely.follow_up()
        assert (await client.get("/tenants/me")).status_code == 200
        await client.post("/tenants/me/restore")
        await client.delete("/tenants/me")
        await client.post("/tenants/me/restore")
        await admin.execute(DUE, tenant.id)
        await lonely.follow_up()
        assert (await client.get("/tenants/me")).json()["deletesAt"] is None


async def test_it_cannot_be_restored_once_it_is_being_deleted(house: House, tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client:
        await client.delete("/tenants/me")
        async with inspector(house) as admin:
            await admin.execute("update tenants set deletes_at = now() where tenant_id = $1", tenant.id)
        late = await client.post("/tenants/me/restore")
    assert (late.status_code, late.json()["code"]) == (409, "conflict")


@pytest.mark.breaks_invariants("made-up rows in every table")
async def test_it_goes_on_where_it_was_stopped(lonely: House) -> None:
    tenant = await new_tenant(lonely)
    async with inspector(lonely) as admin:
        await filled(admin, tenant.id)
        async with lonely.client(tenant.owner.token) as client:
            await client.delete("/tenants/me")
        await admin.execute(OVER, tenant.id)
        bound = await asyncpg.connect(lonely.database.app)
        gone = 0
        async with bound.transaction():
            await bound.execute("select set_config('app.tenant_id', $1, true)", str(tenant.id))
            gone = await bound.fetchval("select directory.purge_tenant(3)")
        await bound.close()
        held = sum((await rows_of(admin, tenant.id)).values())
        await admin.execute(DUE, tenant.id)
        await lonely.follow_up()
        await letters_forgotten(lonely, admin, tenant.id)
        assert (gone, held > 0) == (3, True)
        assert sum((await rows_of(admin, tenant.id)).values()) == 0


class LostFiles:
    """The `Files` of a disk that is away."""

    async def delete_all(self) -> None:
        raise OSError


@pytest.mark.breaks_invariants("made-up rows in every table")
@pytest.mark.parametrize("dies", ["before the rows", "among the rows", "before the end"])
async def test_its_owners_are_told_whatever_dies_on_the_way(lonely: House, dies: str) -> None:
    """Their names go with their rows: they are kept from before that on, to the transaction in which all ends."""
    tenant = await new_tenant(lonely)
    async with inspector(lonely) as admin:
        await filled(admin, tenant.id)
        async with lonely.client(tenant.owner.token) as client:
            await client.delete("/tenants/me")
        await lonely.follow_up()
        await admin.execute(OVER, tenant.id)
        context = {Clock: await lonely.work.get(BusinessClock), Caller: Caller(tenant=tenant.id, origin=Origin())}
        async with lonely.work(context=context) as scope:
            remains, work = await scope.get(Remains), await scope.get(UnitOfWork)
            async with work:
                assert await remains.farewell()
            if dies == "among the rows":
                async with work:
                    assert await remains.purge(1_000)
                assert await admin.fetchval("select count(*) from users where tenant_id = $1", tenant.id) == 0
            if dies == "before the end":
                purging = await scope.get(Purging)
                purging.files = cast("Files", LostFiles())
                with pytest.raises(OSError):  # noqa: PT011 - it has no words
                    await purging.purge(tenant.id)
                assert await admin.fetchval("select count(*) from users where tenant_id = $1", tenant.id) == 0
        await admin.execute(DUE, tenant.id)
        await lonely.follow_up()
        await admin.execute(ALL_DUE, tenant.id)
        await lonely.follow_up()
        noted = await admin.fetchval("select count(*) from directory.security_events where action = 'tenant.deleted'")
    subjects = [mail.subject for mail in lonely.mail_to(tenant.owner.email)]
    assert subjects.count(f"{tenant.slug} has been deleted") == 1
    assert noted == 1


async def test_the_application_cannot_purge_what_is_not_closed(house: House, tenant: Tenant) -> None:
    bound = await asyncpg.connect(house.database.app)
    async with bound.transaction():
        await bound.execute("select set_config('app.tenant_id', $1, true)", str(tenant.id))
        assert await bound.fetchval("select directory.purge_tenant(1000)") == -1
        assert await bound.fetchval("select directory.forget_tenant()") is False
    await bound.close()
    async with house.client(tenant.owner.token) as client:
        assert (await client.get("/tenants/me")).status_code == 200

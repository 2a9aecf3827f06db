"""Jobs over HTTP: who sees which, cancelling, and fetching what they made."""

import asyncio
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from domains.exports import TENANT_EXPORT
from domains.shared.ids import new_id
from domains.shared.permissions import Role
from infra.files.store import FileStore
from tests.support.databases import TestDatabase, rows
from tests.support.house import House, house_over
from tests.support.jobs import Json, bench_over, exported, own_job
from tests.support.people import Person, Tenant, new_tenant
from tests.support.soon import becomes


async def begun(house: House, person: Person, of: str = "users") -> Json:
    async with house.client(person.token) as client:
        answer = await client.post(f"/{of}/me/export")
    assert answer.status_code == 202, answer.text
    job: Json = answer.json()
    assert answer.headers["location"] == f"/api/v1/jobs/{job['id']}"
    return job


async def move(house: House, by: str) -> None:
    """Move the clock while a worker runs."""
    stop = asyncio.Event()
    relaying = asyncio.create_task(house.relay.run(stop))
    async with house.root_client() as client:
        answer = await client.post("/sandbox/clock", json={"advance": by})
    stop.set()
    await relaying
    assert answer.status_code == 200, answer.text


async def parts_of(house: House, job: str) -> int:
    folder = (await house.container.get(FileStore)).folder
    return len(list(folder.glob(f"jobs/*/{job}/*")))


async def test_a_job_is_followed_from_its_beginning_to_its_end(house: House, tenant: Tenant) -> None:
    job = await begun(house, tenant.owner, "tenants")
    assert (job["kind"], job["status"], job["result"], job["finishedAt"]) == (TENANT_EXPORT, "queued", None, None)
    assert job["progress"] == {"done": 0, "total": None}
    async with house.client(tenant.owner.token) as client, bench_over(house) as bench:
        assert (await client.get(f"/jobs/{job['id']}")).json() == job
        assert (await client.get(f"/jobs/{job['id']}/file")).status_code == 404
        await bench.run_all()
        ended = (await client.get(f"/jobs/{job['id']}")).json()
        again = await client.post(f"/jobs/{job['id']}/cancel")
    assert ended["status"] == "succeeded"
    assert ended["finishedAt"] is not None
    assert ended["result"]["file"]["name"].startswith("tenant-export-")
    assert (again.status_code, again.json()) == (200, ended)


async def test_each_sees_their_own_jobs_and_admins_all(house: House, tenant: Tenant) -> None:
    member, staff, admin = (tenant.people[role] for role in (Role.MEMBER, Role.STAFF, Role.ADMIN))
    job = await begun(house, member)
    seen: dict[Role, tuple[int, int]] = {}
    for person in (member, staff, admin):
        async with house.client(person.token) as client:
            listed = (await client.get("/jobs", params={"includeTotal": "true"})).json()
            seen[person.role] = ((await client.get(f"/jobs/{job['id']}")).status_code, listed["total"])
    assert seen == {Role.MEMBER: (200, 1), Role.STAFF: (404, 0), Role.ADMIN: (200, 1)}


async def test_the_list_is_filtered_and_paged(house: House, tenant: Tenant) -> None:
    await begun(house, tenant.owner)
    await begun(house, tenant.owner, "tenants")
    await own_job(house, tenant.owner)
    async with house.client(tenant.owner.token) as client:
        first = (await client.get("/jobs", params={"limit": 2})).json()
        rest = (await client.get("/jobs", params={"limit": 2, "cursor": first["nextCursor"]})).json()
        exports = (await client.get("/jobs", params={"kind": TENANT_EXPORT})).json()
        ended = (await client.get("/jobs", params={"status": "succeeded"})).json()
        wrong = await client.get("/jobs", params={"status": "unheard of"})
        moved = await client.get("/jobs", params={"limit": 2, "cursor": first["nextCursor"], "status": "queued"})
    assert len({job["id"] for job in [*first["items"], *rest["items"]]}) == 3
    assert rest["nextCursor"] is None
    assert [job["kind"] for job in exports["items"]] == [TENANT_EXPORT]
    assert [job["status"] for job in ended["items"]] == ["succeeded"]
    assert (wrong.status_code, moved.json()["code"]) == (400, "invalid_cursor")


async def test_a_cancelled_job_runs_no_more_and_leaves_nothing(house: House, tenant: Tenant) -> None:
    job = await begun(house, tenant.owner)
    staff = tenant.people[Role.STAFF]
    async with (
        house.client(staff.token) as other,
        house.client(tenant.owner.token) as client,
        bench_over(house) as bench,
    ):
        assert (await other.post(f"/jobs/{job['id']}/cancel")).status_code == 404
        run = await bench.envelopes.claim(UUID(job["id"]), job["kind"])
        assert run is not None
        assert (await client.post(f"/jobs/{job['id']}/cancel")).json()["status"] == "cancelled"
        assert not await bench.envelopes.keep(run)
        await bench.run_all()
        assert (await client.get(f"/jobs/{job['id']}")).json()["status"] == "cancelled"
        assert await bench.envelope(UUID(job["id"])) is None


async def test_an_admin_cancels_everybody_s(house: House, tenant: Tenant) -> None:
    job = await begun(house, tenant.people[Role.MEMBER])
    async with house.client(tenant.people[Role.ADMIN].token) as client:
        assert (await client.post(f"/jobs/{job['id']}/cancel")).json()["status"] == "cancelled"
        log = (await client.get("/admin/audit-log", params={"action": "job.cancelled"})).json()
    assert [entry["subjectId"] for entry in log["items"]] == [job["id"]]


async def test_a_file_goes_to_nobody_but_who_asked_for_it(house: House, tenant: Tenant, other_tenant: Tenant) -> None:
    job = await own_job(house, tenant.people[Role.MEMBER])
    expected = {Role.MEMBER: 200, Role.STAFF: 404, Role.ADMIN: 404, Role.OWNER: 404}
    for role, status in expected.items():
        async with house.client(tenant.people[role].token) as client:
            assert (await client.get(f"/jobs/{job}/file")).status_code == status, role
    async with house.client(other_tenant.owner.token) as client:
        assert (await client.get(f"/jobs/{job}/file")).status_code == 404
    async with house.client() as client:
        assert (await client.get(f"/jobs/{job}/file")).status_code == 401


@pytest.mark.breaks_invariants("a role that was changed in one place only")
async def test_who_may_no_longer_export_fetches_no_export(house: House, tenant: Tenant) -> None:
    admin = tenant.people[Role.ADMIN]
    job, _ = await exported(house, admin, "tenants")
    for role, status in (("member", 403), ("admin", 200)):
        await rows(
            house.database.admin,
            "update directory.memberships set role = $1 where user_id = $2 returning 1",
            role,
            admin.user,
        )
        async with house.client(admin.token) as client:

            async def may_administer(client: httpx.AsyncClient = client) -> int:
                answer: httpx.Response = await client.get("/admin/alerts")
                return answer.status_code

            await becomes(status, may_administer)
            assert (await client.get(f"/jobs/{job['id']}/file")).status_code == status
    async with house.client(tenant.owner.token) as client:
        log = (await client.get("/admin/audit-log", params={"action": "job.file_fetched"})).json()
    assert len(log["items"]) == 2


async def test_a_file_is_gone_after_seven_days(own_database: TestDatabase, tmp_path: Path) -> None:
    async with house_over(own_database, tmp_path) as house:
        tenant = await new_tenant(house)
        job, _ = await exported(house, tenant.owner, "users")
        await move(house, "P6D")
        async with house.client(tenant.owner.token) as client:
            assert (await client.get(f"/jobs/{job['id']}/file")).status_code == 200
            assert await parts_of(house, job["id"]) > 0
            await move(house, "P2D")
            assert (await client.get(f"/jobs/{job['id']}/file")).status_code == 404
            shown = (await client.get(f"/jobs/{job['id']}")).json()
        assert (shown["status"], shown["result"]["file"]) == ("succeeded", None)
        assert await parts_of(house, job["id"]) == 0


async def test_files_are_closed_to_others_of_the_machine(house: House, tenant: Tenant) -> None:
    await exported(house, tenant.owner, "users")
    folder = (await house.container.get(FileStore)).folder
    assert folder.stat().st_mode & 0o777 == 0o700


async def test_files_are_encrypted_at_rest(house: House, tenant: Tenant) -> None:
    """In the folder nothing shows; a part that is lost, changed, or another job's, is no file."""
    job, archive = await exported(house, tenant.owner, "users")
    folder = (await house.container.get(FileStore)).folder
    [part] = folder.glob(f"jobs/*/{job['id']}/*")
    stored = part.read_bytes()
    assert not any(name.encode() in stored for name in archive.namelist())
    other = await own_job(house, tenant.owner)
    async with house.client(tenant.owner.token) as client:
        for damaged in (b"PK" + stored, stored[:-1], (part.parent.parent / other / "part").read_bytes()):
            part.write_bytes(damaged)
            assert (await client.get(f"/jobs/{job['id']}/file")).status_code == 404
        part.write_bytes(stored)
        assert (await client.get(f"/jobs/{job['id']}/file")).status_code == 200
        part.unlink()
        assert (await client.get(f"/jobs/{job['id']}/file")).status_code == 404


@pytest.mark.parametrize("role", [Role.STAFF, Role.MEMBER])
async def test_the_business_is_exported_by_its_admins_only(house: House, tenant: Tenant, role: Role) -> None:
    async with house.client(tenant.people[role].token) as client:
        refused = await client.post("/tenants/me/export")
        assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    await begun(house, tenant.people[Role.ADMIN], "tenants")


async def test_unknown_jobs_are_not_found(house: House, tenant: Tenant) -> None:
    job = await own_job(house, tenant.owner)
    async with house.client(tenant.owner.token) as client:
        for found, status in ((job, 200), (str(new_id()), 404), ("x", 404)):
            assert (await client.get(f"/jobs/{found}")).status_code == status
            assert (await client.get(f"/jobs/{found}/file")).status_code == status
            assert (await client.post(f"/jobs/{found}/cancel")).status_code == status

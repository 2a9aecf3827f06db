"""Exports over HTTP: exactly the tenant's rows, or one's own, and nobody else's (attack C1 34)."""

import asyncpg
import msgspec

from domains.shared.permissions import Role
from infra.postgres.tables import metadata
from tests.support.databases import rows
from tests.support.house import House
from tests.support.jobs import bench_over, exported, lines_of
from tests.support.people import Tenant

MADE_BY_EXPORTING = {"audit_log", "audit_seals", "audit_chains", "jobs", "idempotency_keys", "usage_counters"}


async def furnish(house: House, tenant: Tenant, *, customers: int = 3) -> None:
    async with house.client(tenant.owner.token) as client:
        for number in range(customers):
            answer = await client.post("/customers", json={"name": f"{tenant.slug} {number}", "notes": "Grüße\n"})
            assert answer.status_code == 201


async def counts(house: House, tenant: Tenant) -> dict[str, int]:
    found = {}
    for table in metadata.tables:
        [row] = await rows(house.database.admin, f"select count(*) from {table} where tenant_id = $1", tenant.id)
        found[table] = row[0]
    return found


async def test_a_tenant_s_export_has_exactly_its_rows(house: House, tenant: Tenant, other_tenant: Tenant) -> None:
    await furnish(house, tenant)
    await furnish(house, other_tenant)
    job, archive = await exported(house, tenant.owner, "tenants")
    assert (job["kind"], job["status"], job["errors"]) == ("tenant.export", "succeeded", [])
    assert archive.testzip() is None
    assert set(archive.namelist()) == {f"{table}.jsonl" for table in metadata.tables} | {"manifest.json"}
    told = msgspec.json.decode(archive.read("manifest.json"))["rows"]
    stored = await counts(house, tenant)
    for table in metadata.tables:
        lines = lines_of(archive, table)
        assert len(lines) == told[table] == job["result"]["counts"][table]
        assert {line["tenant_id"] for line in lines} <= {str(tenant.id)}
        if table not in MADE_BY_EXPORTING:
            assert len(lines) == stored[table], table
    assert told["customers"] == 3
    assert told["users"] == len(Role)
    assert str(other_tenant.id) not in "".join(archive.read(name).decode() for name in archive.namelist())


async def test_what_is_declared_secret_is_left_out(house: House, tenant: Tenant) -> None:
    await furnish(house, tenant)
    _, archive = await exported(house, tenant.owner, "tenants")
    [entry, *_] = lines_of(archive, "audit_log")
    assert {"action", "changes", "personal", "origin"} <= entry.keys()
    assert not {"origin_salt", "personal_salt"} & entry.keys()
    assert all("position" not in line for line in lines_of(archive, "jobs"))


async def test_one_s_own_export_is_about_oneself(house: House, tenant: Tenant) -> None:
    await furnish(house, tenant)
    member = tenant.people[Role.MEMBER]
    job, archive = await exported(house, member, "users")
    assert job["kind"] == "user.export"
    assert [line["id"] for line in lines_of(archive, "users")] == [str(member.user)]
    assert {line["requested_by"] for line in lines_of(archive, "jobs")} == {str(member.user)}
    assert "customers.jsonl" not in archive.namelist()
    _, of_the_owner = await exported(house, tenant.owner, "users")
    entries = lines_of(of_the_owner, "audit_log")
    assert {line["actor_id"] for line in entries} == {str(tenant.owner.user)}
    assert "Grüße" not in of_the_owner.read("audit_log.jsonl").decode()
    assert all("origin" in line and "personal" not in line for line in entries)


async def test_many_rows_are_read_in_order_and_each_once(house: House, tenant: Tenant) -> None:
    inspector = await asyncpg.connect(house.database.admin)
    await inspector.execute(
        "insert into customers (tenant_id, id, name, emails, phones, addresses, tags, custom, created_at, updated_at)"
        " select $1, gen_random_uuid(), 'C ' || n, '{}', '{}', '[]', '{}', '{}', now(), now()"
        " from generate_series(1, 12345) n",
        tenant.id,
    )
    await inspector.close()
    job, archive = await exported(house, tenant.owner, "tenants")
    lines = lines_of(archive, "customers")
    assert len({line["id"] for line in lines}) == len(lines) == 12345
    assert job["progress"]["done"] == job["progress"]["total"] == sum(job["result"]["counts"].values())


async def test_one_export_at_a_time(house: House, tenant: Tenant, other_tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client, house.client(other_tenant.owner.token) as other:
        assert (await client.post("/tenants/me/export")).status_code == 202
        again = await client.post("/tenants/me/export")
        assert (again.status_code, again.json()["code"]) == (409, "job_under_way")
        assert (await client.post("/users/me/export")).status_code == 202
        assert (await other.post("/tenants/me/export")).status_code == 202
        async with bench_over(house) as bench:
            await bench.run_all()
        assert (await client.post("/tenants/me/export")).status_code == 202


async def test_the_same_key_is_the_same_export(house: House, tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client:
        first = await client.post("/tenants/me/export", headers={"Idempotency-Key": "once"})
        again = await client.post("/tenants/me/export", headers={"Idempotency-Key": "once"})
    assert first.json() == again.json()
    assert again.headers["Idempotency-Replayed"] == "true"

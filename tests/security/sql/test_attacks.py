"""Attacks C1 6-10, 21, 22, 30 and 32: SQL that an attacker has got to run as the application, bound to A."""

import io
from uuid import UUID

import asyncpg
import pytest

from domains.shared.ids import new_id
from infra.postgres.binding import begin
from tests.security.two_tenants import TwoTenants

pytestmark = pytest.mark.breaks_invariants("tenants that nobody founded: rows by the inspector's hand")

FORBIDDEN = "42501"
NOT_UNDER_RLS = "0A000"
"""Seconds: what waits for a lock waits for two."""

REFUSED = (
    "truncate customers",
    "delete from events",
    "update events set type = 'other'",
    "set role frontdesk_owner",
    "set role frontdesk_relay",
    "set session authorization frontdesk_owner",
    "set session_replication_role = replica",
    "alter table customers disable row level security",
    "alter table customers no force row level security",
    "alter table customers owner to frontdesk_app",
    "drop policy bound_tenant on customers",
    "create policy mine on customers using (true)",
    "create table mine (id int)",
    "create temporary table mine (id int)",
    "create schema mine",
    "create function mine() returns int language sql as 'select 1'",
    "create extension dblink",
    "create publication mine for all tables",
    "create role mine",
    "alter role frontdesk_app bypassrls",
    "grant frontdesk_owner to frontdesk_app",
    "grant select on directory.accounts to frontdesk_app",
    "select from directory.accounts",
    "select from directory.sessions",
    "truncate work.envelopes",
    "update work.clock set reached = '1 day'",
    "select from alembic_version",
    "select query from pg_stat_activity",
    "select from pg_stat_get_activity(null)",
    "select from pg_statistic",
    "select from pg_authid",
    "select pg_read_file('PG_VERSION')",
    "select pg_ls_dir('.')",
    "select pg_reload_conf()",
    "copy customers to program 'cat'",
    "copy customers to '/dev/null'",
)


@pytest.mark.parametrize("statement", REFUSED)
async def test_the_application_may_not(tenants: TwoTenants, statement: str) -> None:
    async with tenants.bound(tenants.a.tenant) as attacker:
        with pytest.raises(asyncpg.PostgresError) as refused:
            await attacker.execute(statement)
    assert refused.value.sqlstate == FORBIDDEN


async def test_turning_row_security_off_ends_in_an_error(tenants: TwoTenants) -> None:
    async with tenants.bound(tenants.a.tenant) as attacker:
        assert await attacker.fetchval("select count(*) from customers") == 1
        await attacker.execute("set local row_security = off")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await attacker.fetch("select from customers")


async def test_rows_cannot_be_copied_in(tenants: TwoTenants) -> None:
    async with tenants.bound(tenants.a.tenant) as attacker:
        with pytest.raises(asyncpg.PostgresError) as refused:
            await attacker.copy_records_to_table("customers", records=[(tenants.b.tenant,)], columns=["tenant_id"])
    assert refused.value.sqlstate == NOT_UNDER_RLS


async def test_copying_out_gives_the_own_rows(tenants: TwoTenants) -> None:
    out = io.BytesIO()
    async with tenants.bound(tenants.a.tenant) as attacker:
        await attacker.copy_from_table("customers", columns=["tenant_id", "id"], output=out)
    assert out.getvalue().decode().split() == [str(tenants.a.tenant), str(tenants.a.customer)]


async def test_rows_cannot_be_given_away(tenants: TwoTenants) -> None:
    async with tenants.bound(tenants.a.tenant) as attacker:
        assert await attacker.execute("update customers set notes = 'mine'") == "UPDATE 1"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await attacker.execute(f"update customers set tenant_id = '{tenants.b.tenant}'")


async def test_rows_cannot_be_slipped_in(tenants: TwoTenants) -> None:
    async with tenants.bound(tenants.a.tenant) as attacker:
        assert await tenants.a.another.insert(attacker) == "INSERT 0 1"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await tenants.b.another.insert(attacker)


async def test_an_upsert_tells_nothing_of_anothers_row(tenants: TwoTenants) -> None:
    a, b = tenants.a, tenants.b
    assert await _upsert(tenants, as_tenant=a.tenant, customer=a.customer) == "UPDATED"
    theirs = await _upsert(tenants, as_tenant=a.tenant, customer=b.customer)
    assert theirs == await _upsert(tenants, as_tenant=a.tenant, customer=new_id()) == "INSERTED"
    named = await _upsert(tenants, as_tenant=b.tenant, customer=b.customer)
    assert named == await _upsert(tenants, as_tenant=b.tenant, customer=new_id()) == FORBIDDEN
    assert await tenants.inspect("select notes from customers where id = $1", b.customer) != "taken"


async def test_a_merge_passes_over_anothers_rows(tenants: TwoTenants) -> None:
    merge = """
        merge into customers c using (values ('{}'::uuid)) wanted (id) on c.id = wanted.id
        when matched then update set notes = 'taken' when not matched then do nothing
    """
    async with tenants.bound(tenants.a.tenant) as attacker:
        assert await attacker.execute(merge.format(tenants.a.customer)) == "MERGE 1"
        assert await attacker.execute(merge.format(tenants.b.customer)) == "MERGE 0"


async def test_nobody_waits_for_anothers_locks(tenants: TwoTenants) -> None:
    a, b = tenants.a, tenants.b
    async with tenants.bound(b.tenant) as theirs, tenants.bound(a.tenant) as attacker:
        assert len(await theirs.fetch("select from customers for update")) == 1
        await b.another.insert(theirs)
        lock = "select id from customers where id = $1 for update"
        assert await attacker.fetchval(lock, b.customer) is None
        assert await attacker.fetchval(lock, a.customer) == a.customer
        assert await attacker.execute("update customers set notes = 'mine'") == "UPDATE 1"
        same_id = {**a.another.values, "id": b.another.values["id"]}
        assert await attacker.execute(a.another.statement, *same_id.values()) == "INSERT 0 1"


async def test_statistics_tell_nothing(tenants: TwoTenants) -> None:
    await tenants.inspect("analyze")
    asked = "select count(*) from {} s where schemaname in ('public', 'directory', 'work') and not (s)::text ~ $1"
    of_no_tenant = "^\\(work,(clock|zone_rules),"
    assert await tenants.inspect(asked.format("pg_stats"), of_no_tenant)
    async with tenants.bound(tenants.a.tenant) as attacker:
        for view in ("pg_stats", "pg_stats_ext", "pg_stats_ext_exprs"):
            assert await attacker.fetchval(asked.format(view), of_no_tenant) == 0, view
        told = "select count(*) from pg_sequences where last_value is not null"
        assert await attacker.fetchval(told) == 0


async def test_the_relay_sees_envelopes_and_nothing_else(tenants: TwoTenants) -> None:
    relay = await asyncpg.connect(tenants.database.relay)
    try:
        await begin(relay, tenants.a.tenant)
        await relay.fetch("select from work.envelopes")
        for table in ("public.customers", "public.events", "directory.accounts"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await relay.fetch(f"select from {table}")
            await relay.execute("rollback")
    finally:
        await relay.close()


async def _upsert(tenants: TwoTenants, *, as_tenant: UUID, customer: UUID) -> str:
    """What an attacker bound to A learns who writes `customer` over the row of `as_tenant` that has its id."""
    row = tenants.a.another
    values = {**row.values, "tenant_id": str(as_tenant), "id": str(customer)}
    over = f"{row.statement} on conflict (tenant_id, id) do update set notes = 'taken' returning xmax = 0"
    async with tenants.bound(tenants.a.tenant) as attacker:
        try:
            return "INSERTED" if await attacker.fetchval(over, *values.values()) else "UPDATED"
        except asyncpg.PostgresError as error:
            return str(error.sqlstate)

"""`frontdesk envelopes`: what was put aside is shown, and done once it is mended. Attack 199."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from domains.shared.ids import new_id
from tests.frontdesk.commands import refusal, run
from tests.support.databases import TestDatabase, rows
from tests.support.effects import Mended, with_tables, worker_over


def urls(database: TestDatabase) -> dict[str, str]:
    return {
        "DATABASE_URL": database.app,
        "DATABASE_OWNER_URL": database.owner,
        "DATABASE_RELAY_URL": database.relay,
    }


async def park(database: TestDatabase, folder: Path, tenant: UUID, kind: str) -> UUID:
    async with worker_over(database, folder) as worker:
        [subject] = await worker.plan(tenant, kind, datetime.now(UTC) - timedelta(seconds=9))
    parked = "update work.envelopes set parked_at = now(), attempts = 10 where subject_id = $1 returning id"
    [row] = await rows(database.admin, parked, subject)
    return UUID(str(row["id"]))


@pytest.fixture
async def placed(own_database: TestDatabase) -> TestDatabase:
    return await with_tables(own_database)


@pytest.mark.breaks_invariants("tenants that nobody founded, and envelopes that nobody handles")
async def test_what_is_parked_is_listed_and_replayed_by_its_id(placed: TestDatabase, tmp_path: Path) -> None:
    tenants = [new_id(), new_id()]
    wanted, other = [await park(placed, tmp_path, tenant, "test.fail") for tenant in tenants]
    listed = run(tmp_path, "envelopes", "list", **urls(placed))
    assert [line.split()[0] for line in listed.stdout.splitlines()] == [str(wanted), str(other)], listed.stderr
    assert str(tenants[0]) in listed.stdout

    done = run(tmp_path, "envelopes", "replay", str(wanted), **urls(placed))
    assert done.stdout == "1 will be tried again.\n", done.stderr
    async with worker_over(placed, tmp_path, kind=Mended) as mended:
        await mended.do_all()
        assert [row["tenant_id"] for row in await mended.left("fail")] == [tenants[0]]
        assert [row["id"] for row in await mended.waiting()] == [other]
    [entry] = await rows(placed.admin, "select tenant_id, action, subject_id, changes from audit_log")
    assert tuple(entry.values()) == (tenants[0], "envelope.replayed", wanted, '{"kind":[null,"test.fail"]}')


@pytest.mark.breaks_invariants("tenants that nobody founded, and envelopes that nobody handles")
async def test_all_of_a_kind_are_replayed_together(placed: TestDatabase, tmp_path: Path) -> None:
    tenants = {new_id(), new_id()}
    for tenant in tenants:
        await park(placed, tmp_path, tenant, "test.fail")
    kept = await park(placed, tmp_path, next(iter(tenants)), "test.die")
    assert run(tmp_path, "envelopes", "list", "--kind", "test.die", **urls(placed)).stdout.split()[0] == str(kept)
    done = run(tmp_path, "envelopes", "replay", "--kind", "test.fail", **urls(placed))
    assert done.stdout == "2 will be tried again.\n", done.stderr
    left = await rows(placed.admin, "select id from work.envelopes where parked_at is not null")
    assert [row["id"] for row in left] == [kept]
    noted = await rows(placed.admin, "select tenant_id from audit_log")
    assert {row["tenant_id"] for row in noted} == tenants


async def test_what_is_not_parked_is_not_replayed(placed: TestDatabase, tmp_path: Path) -> None:
    said = refusal(tmp_path, "envelopes", "replay", str(new_id()), **urls(placed))
    assert said == "Nothing like that is parked."
    assert run(tmp_path, "envelopes", "replay", **urls(placed)).returncode == 2
    both = run(tmp_path, "envelopes", "replay", str(new_id()), "--kind", "test.fail", **urls(placed))
    assert both.returncode == 2
    assert await rows(placed.admin, "select 1 from audit_log") == []

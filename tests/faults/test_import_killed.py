"""Workers are killed at random while they import a file: each row is a customer once, and told of once."""

import os
import random
from pathlib import Path

from infra.files.store import FileStore
from tests.faults.processes import environment, running
from tests.support.databases import TestDatabase, rows
from tests.support.house import House, house_over
from tests.support.imports import send
from tests.support.people import Tenant, new_tenant
from tests.support.soon import until

ROWS = int(os.environ.get("SOAK_ROWS", "6000"))
KILLS = int(os.environ.get("SOAK_KILLS", "2"))
PATIENCE = 120


async def stored(house: House) -> int:
    return int((await rows(house.database.admin, "select count(*) from customers"))[0][0])


async def has_ended(house: House) -> bool:
    left = await rows(house.database.admin, "select parked_at from work.jobs")
    assert all(row["parked_at"] is None for row in left), "it was given up"
    return not left


async def assert_each_row_once(house: House, tenant: Tenant) -> None:
    wanted = {f"C{at}" for at in range(ROWS)}
    found = await rows(house.database.admin, "select id, name from customers where tenant_id = $1", tenant.id)
    assert (len(found), {row["name"] for row in found}) == (ROWS, wanted)
    told = await rows(
        house.database.admin,
        "select jsonb_array_elements_text(data -> 'created') as id from events where type = 'customer.imported'",
    )
    assert sorted(row["id"] for row in told) == sorted(str(row["id"]) for row in found)
    entries = await rows(house.database.admin, "select customer_id from customer_timeline")
    assert sorted(row["customer_id"] for row in entries) == sorted(row["id"] for row in found)
    [job] = await rows(house.database.admin, "select status, done, counts ->> 'created' as created from jobs")
    assert tuple(job) == ("succeeded", ROWS, str(ROWS))


async def test_killed_at_random_each_row_is_imported_once(own_database: TestDatabase, tmp_path: Path) -> None:
    choice = random.Random(5)  # noqa: S311 - the same moments each time
    async with house_over(own_database, tmp_path) as house:
        tenant = await new_tenant(house)
        async with house.client(tenant.owner.token) as client:
            content = "Name\n" + "".join(f"C{at}\n" for at in range(ROWS))
            begun = await send(client, content, duplicates="create")
        assert begun.status_code == 202, begun.text
        env = environment(own_database, FILES_DIR=str(tmp_path / "files"))
        for _ in range(KILLS):
            wanted = await stored(house) + choice.randrange(1, ROWS // KILLS // 2)
            with running("worker", env, tmp_path):

                async def has_gone_on(wanted: int = wanted) -> bool:
                    return await stored(house) >= wanted or await has_ended(house)

                await until(has_gone_on, within=PATIENCE)
        assert not await has_ended(house), "it was over before the last kill"
        folder = (await house.container.get(FileStore)).folder / "jobs" / str(tenant.id)

        async def has_cleared_up() -> bool:
            return not any(found.is_file() for found in folder.rglob("*"))

        with running("worker", env, tmp_path):
            await until(lambda: has_ended(house), within=PATIENCE)
            await until(has_cleared_up, within=PATIENCE)
        await assert_each_row_once(house, tenant)

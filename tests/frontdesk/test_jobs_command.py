"""`frontdesk jobs`: what was given up is listed and replayed, and the audit log says so. Attack C16 199."""

import subprocess
from pathlib import Path
from uuid import UUID

from tests.faults.processes import environment
from tests.frontdesk.commands import FORKS
from tests.support.databases import TestDatabase, rows
from tests.support.house import house_over
from tests.support.jobs import bench_over
from tests.support.people import new_tenant


def jobs(env: dict[str, str], folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return FORKS.run(("jobs", *arguments), cwd=folder, env=env, timeout=60)


async def test_what_was_given_up_is_listed_and_goes_on(own_database: TestDatabase, tmp_path: Path) -> None:
    env = environment(own_database, FILES_DIR=str(tmp_path / "files"))
    async with house_over(own_database, tmp_path) as house:
        tenant = await new_tenant(house)
        async with house.client(tenant.owner.token) as client, bench_over(house) as bench:
            job = (await client.post("/users/me/export")).json()
            refused = jobs(env, tmp_path, "replay", job["id"])
            assert (refused.returncode, refused.stdout) == (1, "")
            assert "was given up" in refused.stderr
            await rows(own_database.admin, "update work.jobs set attempts = 99 returning 1")
            await bench.run_all()
            failed = (await client.get(f"/jobs/{job['id']}")).json()
            assert (failed["status"], [error["code"] for error in failed["errors"]]) == ("failed", ["internal_error"])
            listed = jobs(env, tmp_path, "list")
            assert listed.stdout == f"{job['id']}  user.export  tenant {tenant.id}\n", listed.stderr
            replayed = jobs(env, tmp_path, "replay", job["id"])
            assert replayed.returncode == 0, replayed.stderr
            await bench.run_all()
            assert (await client.get(f"/jobs/{job['id']}")).json()["status"] == "succeeded"
            log = (await client.get("/admin/audit-log", params={"action": "job.replayed"})).json()
            assert [UUID(entry["subjectId"]) for entry in log["items"]] == [UUID(job["id"])]
    assert jobs(env, tmp_path, "list").stdout == ""

"""Due rows and what follows events: how many a second one worker does, each with an insert of its own.

Run it with `.venv/bin/python -m bench.due_rows`. It starts the embedded Postgres (fsync on) in a folder of its own, and
does the same a few times, so that what else the machine does is seen in the spread.
"""

import os
import statistics
import tempfile
import time
from pathlib import Path

import asyncpg
import uvloop

from infra.postgres.embedded import EmbeddedPostgres
from tests.support.databases import Databases, TestDatabase
from tests.support.effects import Worker, with_tables, worker_over

ROUNDS = 2
MANY = 10_000
PLAN = """
    insert into work.envelopes (tenant_id, id, kind, subject_id, due_at)
    select md5((n % $2)::text)::uuid, gen_random_uuid(), $3, gen_random_uuid(), now() - interval '1 day'
    from generate_series(1, $1::int) n
"""


async def fill(database: TestDatabase, kind: str, tenants: int) -> None:
    admin = await asyncpg.connect(database.admin)
    await admin.execute("truncate work.envelopes, effects, events")
    await admin.execute(PLAN, MANY, tenants, kind)
    await admin.execute("vacuum analyze work.envelopes")
    await admin.close()


async def rate(worker: Worker, database: TestDatabase, kind: str, tenants: int) -> float:
    """Traces a second."""
    await fill(database, kind, tenants)
    began = time.perf_counter()
    await worker.do_all()
    seconds = time.perf_counter() - began
    left = len(await worker.left())
    if await worker.waiting() or left != (3 * MANY if kind == "test.tell" else MANY):
        raise SystemExit(f"{left} traces were left")
    return left / seconds


async def bench(folder: Path) -> None:
    server = EmbeddedPostgres(folder / "postgres", settings={"max_connections": "50"})
    server.start()
    try:
        database = await with_tables(await Databases(server.admin_url).new())
        async with worker_over(database, folder) as worker:
            print(
                "| kind | tenants | effects/s, the median of all rounds | from | to | load |\n|---|---|---|---|---|---|"
            )
            for kind, tenants in (("test.leave", 100), ("test.leave", 1), ("test.leave", 5000)):
                rates = [await rate(worker, database, kind, tenants) for _ in range(ROUNDS)]
                print(
                    f"| `{kind}` | {tenants} | {statistics.median(rates):,.0f} | {min(rates):,.0f} | {max(rates):,.0f} | {os.getloadavg()[0]:.1f} |",
                    flush=True,
                )
    finally:
        server.stop()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        uvloop.run(bench(Path(place)))

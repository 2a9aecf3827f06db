"""Due rows and what follows events: how many a second one worker does, each with an insert of its own.

Run it with `.venv/bin/python -m bench.due_rows`. It starts the embedded Postgres (fsync on) in a folder of its own, and
does the same a few times, so that what else the machine does is seen in the spread. The worker's own processor time is
what load changes least.
"""

import os
import statistics
import tempfile
import time
from pathlib import Path

import asyncpg
import msgspec
import uvloop

from infra.postgres.embedded import EmbeddedPostgres
from tests.support.databases import Databases, TestDatabase
from tests.support.effects import Worker, with_tables, worker_over

ROUNDS = 3
# Kind, tenants, envelopes, and the traces that each leaves.
CASES = (
    ("test.leave", 100, 5000, 1),
    ("test.leave", 1, 5000, 1),
    ("test.leave", 1000, 5000, 1),
    ("test.tell", 100, 1000, 3),
    ("test.call", 100, 500, 1),
)
HEAD = """\
| kind | tenants | envelopes | effects/s (median) | from | to | worker's µs an effect | load |
|---|---|---|---|---|---|---|---|"""
PLAN = """
    insert into work.envelopes (tenant_id, id, kind, subject_id, due_at)
    select md5((n % $2)::text)::uuid, gen_random_uuid(), $3, coalesce(v.id, gen_random_uuid()), now() - interval '1 day'
    from generate_series(1, $1::int) n left join events v on v.tenant_id = md5((n % $2)::text)::uuid
"""
EVENTS = """
    insert into events (tenant_id, id, type, version, subject_id, subject_version, occurred_at, data)
    select md5((n % $1)::text)::uuid, gen_random_uuid(), 'effect.left', 1, gen_random_uuid(), 1, now(), '{}'
    from generate_series(1, $1::int) n
"""


class Round(msgspec.Struct, frozen=True):
    rate: float
    cpu: float


async def fill(database: TestDatabase, kind: str, tenants: int, many: int) -> None:
    admin = await asyncpg.connect(database.admin)
    await admin.execute("truncate work.envelopes, effects, events")
    if kind == "test.call":
        await admin.execute(EVENTS, tenants)
    await admin.execute(PLAN, many, tenants, kind)
    await admin.execute("vacuum analyze work.envelopes")
    await admin.close()


async def one(worker: Worker, database: TestDatabase, case: tuple[str, int, int, int]) -> Round:
    kind, tenants, many, each = case
    await fill(database, kind, tenants, many)
    began, worked = time.perf_counter(), time.process_time()
    await worker.do_all()
    seconds, cpu = time.perf_counter() - began, time.process_time() - worked
    left = len(await worker.left())
    if await worker.waiting() or left != many * each:
        raise SystemExit(f"{left} traces were left in place of {many * each}")
    return Round(left / seconds, cpu / left * 1e6)


async def bench(folder: Path) -> None:
    server = EmbeddedPostgres(folder / "postgres", settings={"max_connections": "50"})
    server.start()
    try:
        database = await with_tables(await Databases(server.admin_url).new())
        async with worker_over(database, folder) as worker:
            print(HEAD)
            for case in CASES:
                rounds = [await one(worker, database, case) for _ in range(ROUNDS)]
                rates = [each.rate for each in rounds]
                shown = (statistics.median(rates), min(rates), max(rates), statistics.median(e.cpu for e in rounds))
                numbers = " | ".join(f"{number:,.0f}" for number in shown)
                print(f"| `{case[0]}` | {case[1]} | {case[2]} | {numbers} | {os.getloadavg()[0]:.1f} |", flush=True)
    finally:
        server.stop()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        uvloop.run(bench(Path(place)))

"""The live pipe: how fast the relay numbers events, and how long a commit takes to reach a socket.

    .venv/bin/python bench/live.py

Starts a Postgres of its own, as the tests do. `--latency` leaves out the relay's rate.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path
from uuid import UUID

import asyncpg

from domains.customers import CustomerCreated
from domains.shared.ids import new_id
from domains.shared.plans import Plan
from frontdesk.frames import AUDIENCES
from infra.postgres.database import Database
from infra.postgres.numbering import Numbering
from infra.postgres.streaming import Streaming, Waker
from infra.postgres.work import PostgresWork
from tests.support.databases import Databases, TestDatabase
from tests.support.house import house_over
from tests.support.live import Ear, api_process, live_relay
from tests.support.people import new_tenant
from tests.support.server import postgres_server
from tests.support.work import work_over

EVENTS = 100_000
TENANTS = 100
COMMITS = 300
FILL_EVENTS = """
    insert into events (tenant_id, id, type, version, subject_id, subject_version, occurred_at, data)
    select t, gen_random_uuid(), 'customer.created', 1, gen_random_uuid(), 1, now(), '{}'
    from generate_series(1, $2 / cardinality($1::uuid[])) n, unnest($1::uuid[]) t order by n
"""
FILL_STREAM = """
    insert into work.stream (tenant_id, event_id, type, audience, subject_id, subject_version)
    select tenant_id, id, type, 'customers:read', subject_id, subject_version from events
"""


async def numbering(database: TestDatabase) -> None:
    admin = await asyncpg.connect(database.admin)
    tenants: list[UUID] = [new_id() for _ in range(TENANTS)]
    await admin.execute(FILL_EVENTS, tenants, EVENTS)
    relay = Numbering(database.relay)
    await relay.hold()
    for _ in range(3):
        await admin.execute(FILL_STREAM)
        await admin.execute("analyze")
        began = time.perf_counter()
        total = moved = await relay.number()
        while moved == relay.batch:
            moved = await relay.number()
            total += moved
        seconds = time.perf_counter() - began
        print(f"relay: {total} events of {TENANTS} tenants in {seconds:.2f} s = {total / seconds:,.0f}/s")
    await relay.close()
    await admin.close()


async def commit_to_socket(database: TestDatabase, folder: Path) -> None:
    """From the moment that COMMIT is sent, in a process with a waker of its own, to a frame read by a client."""
    waker, writing = Waker(database.app), Database(database.app, size=3)
    waking, streaming = asyncio.create_task(waker.run()), Streaming(AUDIENCES, waker.wake)
    async with house_over(database, folder) as house, live_relay(database), api_process(database, folder) as process:
        shop = await new_tenant(house, plan=Plan.UNLIMITED)
        async with process.ear(shop.owner.token) as ear:
            took = [await _one(ear, work_over(writing, shop.id).telling(streaming)) for _ in range(COMMITS)]
    waking.cancel()
    await writing.close()
    took.sort()
    p50, p99 = statistics.median(took), took[int(len(took) * 0.99)]
    print(f"commit -> socket: p50 {p50:.1f} ms, p99 {p99:.1f} ms ({COMMITS} commits)")


async def _one(ear: Ear, work: PostgresWork) -> float:
    """In milliseconds, after a rest: an idle machine is asked."""
    await asyncio.sleep(0.03)
    async with work:
        work.record(CustomerCreated(subject=new_id()))
        began = time.perf_counter()
    await ear.next()
    return (time.perf_counter() - began) * 1000


async def main() -> None:
    with postgres_server() as admin_url:
        databases = Databases(admin_url)
        if "--latency" not in sys.argv:
            await numbering(await databases.new())
        with tempfile.TemporaryDirectory() as folder:
            await commit_to_socket(await databases.new(), Path(folder))


asyncio.run(main())

"""Workers that are killed at random while they do what waits: what became of it."""

import asyncio
import logging
import random
import time
from collections import Counter
from collections.abc import Callable
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import asyncpg
import msgspec
import structlog

from tests.faults.forked import FORKED
from tests.support.databases import TestDatabase, rows
from tests.support.effects import worker_over

AT_ONCE = 2
TENANTS = 20
PATIENCE = 60
PLAN = """
    insert into work.envelopes (tenant_id, id, kind, subject_id, due_at)
    select md5((n % $2)::text)::uuid, gen_random_uuid(),
           case when n % 10 = 0 then 'test.tell' when n % 50 = 1 then 'test.fail' else 'test.leave' end,
           gen_random_uuid(), date_trunc('milliseconds', now()) - interval '1 day' + n * interval '1 millisecond'
    from generate_series(1, $1::int) n
"""
# What fails at first is done too, once it is tried again by one who can.
EXPECTED = """
    select e.subject_id, case e.kind when 'test.tell' then 'tell' else 'leave' end as kind
    from planned e where kind <> 'test.fail'
    union all select subject_id, 'hear' from planned where kind = 'test.tell'
"""
LEFT = "select subject as subject_id, kind from effects where kind <> 'call'"
ORDER = """
    select count(*) as n from (
        select n, lag(n) over (partition by p.tenant_id order by p.due_at) as before
        from planned p join effects e on e.subject = p.subject_id and e.kind in ('leave', 'tell')
    ) seen where before > n
"""
UNDONE = "select 1 from work.envelopes where kind <> 'test.fail' limit 1"


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What was seen. `longest_pause` in seconds: how long nothing was done after a kill, while there was something."""

    kills: int
    done: int
    missing: int
    twice: int
    out_of_order: int
    calls: int
    calls_missing: int
    calls_repeated: int
    failed: int
    longest_pause: float
    seconds: float


def serve(database: TestDatabase, folder: Path) -> None:
    """Work until killed, in silence: failures are planned for."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))

    async def work() -> None:
        async with worker_over(database, folder) as worker:
            await worker.relay.run(asyncio.Event())

    asyncio.run(work())


class Crew:
    """Some workers, each a process of its own; a killed one is followed by another."""

    def __init__(
        self, database: TestDatabase, folder: Path, serve: Callable[[TestDatabase, Path], None] = serve
    ) -> None:
        self._serve = serve
        self._given = (database, folder)
        self._workers = [self._start() for _ in range(AT_ONCE)]

    def kill_one(self) -> None:
        number = random.randrange(AT_ONCE)  # noqa: S311 - chance, not a secret
        self._end(self._workers[number])
        self._workers[number] = self._start()

    def fill_up(self) -> None:
        """Have another in the place of each that ended by itself."""
        self._workers = [worker if worker.is_alive() else self._start() for worker in self._workers]

    def end(self) -> None:
        for worker in self._workers:
            self._end(worker)

    def _start(self) -> ForkServerProcess:
        worker = FORKED.Process(target=self._serve, args=self._given, daemon=True)
        worker.start()
        return worker

    def _end(self, worker: ForkServerProcess) -> None:
        worker.kill()
        worker.join()
        worker.close()


class Trial:
    """Many envelopes, and a crew that is killed one by one while it does them."""

    def __init__(self, database: TestDatabase, folder: Path, *, envelopes: int, kills: int) -> None:
        self._database = database
        self._folder = folder
        self._envelopes = envelopes
        self._kills = sorted(random.sample(range(1, envelopes), kills))
        self._longest_pause = 0.0

    async def run(self) -> Verdict:
        admin = await asyncpg.connect(self._database.admin)
        await admin.execute(PLAN, self._envelopes, TENANTS)
        await admin.execute("create table planned as table work.envelopes")
        began = time.monotonic()
        crew = Crew(self._database, self._folder)
        try:
            for mark in self._kills:
                await self._come_to(admin, mark, crew)
                crew.kill_one()
            await self._come_to_the_end(admin, crew)
        finally:
            crew.end()
            await admin.close()
        return await self._verdict(time.monotonic() - began)

    async def _come_to(self, admin: asyncpg.Connection, mark: int, crew: Crew) -> None:
        """Wait until so many traces have been left; see for how long nothing happened on the way."""
        seen, last = -1, time.monotonic()
        while seen < mark:
            found = await admin.fetchval("select count(*) from effects where kind <> 'call'")
            if found != seen:
                seen, last = found, time.monotonic()
            self._longest_pause = max(self._longest_pause, time.monotonic() - last)
            assert time.monotonic() - last < PATIENCE, "nothing happens any more"
            crew.fill_up()
            await asyncio.sleep(0.005)

    async def _come_to_the_end(self, admin: asyncpg.Connection, crew: Crew) -> None:
        """What is in the database first; what was called under a lease may have to wait for its end."""
        await self._come_to(admin, await admin.fetchval(f"select count(*) from ({EXPECTED}) expected"), crew)
        last = time.monotonic()
        while await admin.fetchval(UNDONE):
            assert time.monotonic() - last < PATIENCE, "it does not come to an end"
            crew.fill_up()
            await asyncio.sleep(0.02)

    async def _verdict(self, seconds: float) -> Verdict:
        url = self._database.admin
        expected = Counter((row["subject_id"], row["kind"]) for row in await rows(url, EXPECTED))
        left = Counter((row["subject_id"], row["kind"]) for row in await rows(url, LEFT))
        told = {row["subject_id"] for row in await rows(url, "select subject_id from planned where kind = 'test.tell'")}
        calls = Counter(row["subject"] for row in await rows(url, "select subject from effects where kind = 'call'"))
        [order] = await rows(url, ORDER)
        [failed] = await rows(url, "select count(*) as n from work.envelopes where attempts > 0")
        return Verdict(
            kills=len(self._kills),
            done=left.total(),
            missing=(expected - left).total(),
            twice=(left - expected).total(),
            out_of_order=order["n"],
            calls=len(calls),
            calls_missing=len(told - calls.keys()),
            calls_repeated=sum(count - 1 for count in calls.values()),
            failed=failed["n"],
            longest_pause=self._longest_pause,
            seconds=seconds,
        )

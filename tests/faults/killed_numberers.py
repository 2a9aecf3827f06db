"""Processes that number documents and are killed at random: their successors number what is left. Attack C7 112."""

import asyncio
import random
import time
from collections.abc import Sequence
from multiprocessing.context import ForkServerProcess
from uuid import UUID

from domains.billing import Series
from infra.postgres.database import Database
from tests.faults.forked import FORKED
from tests.support.databases import TestDatabase
from tests.support.numbering import number_all, numbers_of

AT_ONCE = 3
PATIENCE = 60
FAILING, CUTTING = 10, 197


def serve(database: TestDatabase, tenant: UUID, series: Series, ids: list[UUID]) -> None:
    async def number() -> None:
        pool = Database(database.app, size=12)
        await number_all(pool, tenant, ids, series=series, failing=FAILING, cutting=CUTTING)
        await pool.close()

    asyncio.run(number())


class NumberingTrial:
    """Each process has a share of the documents, and one that follows a killed one has the same."""

    def __init__(self, database: TestDatabase, tenant: UUID, series: Series, ids: Sequence[UUID]) -> None:
        self._database = database
        self._tenant = tenant
        self._series = series
        self._shares = [list(ids[at::AT_ONCE]) for at in range(AT_ONCE)]
        self._most = len(ids) * 8 // 10

    async def run(self, kills: int) -> list[str]:
        """The numbers that were given."""
        crew = [self._start(share) for share in self._shares]
        try:
            for mark in sorted(random.sample(range(1, self._most), kills)):
                await self._come_to(mark)
                at = random.randrange(AT_ONCE)  # noqa: S311 - chance, not a secret
                crew[at].kill()
                crew[at].join()
                crew[at] = self._start(self._shares[at])
            for worker in crew:
                await asyncio.to_thread(worker.join)
                assert worker.exitcode == 0, worker.exitcode
        finally:
            for worker in crew:
                worker.kill()
        return await self._numbers()

    def _start(self, share: list[UUID]) -> ForkServerProcess:
        given = (self._database, self._tenant, self._series, share)
        worker = FORKED.Process(target=serve, args=given, daemon=True)
        worker.start()
        return worker

    async def _come_to(self, mark: int) -> None:
        last, seen = time.monotonic(), 0
        while (found := len(await self._numbers())) < mark:
            if found != seen:
                last, seen = time.monotonic(), found
            assert time.monotonic() - last < PATIENCE, "nothing is numbered any more"
            await asyncio.sleep(0.05)

    async def _numbers(self) -> list[str]:
        return await numbers_of(self._database.admin, self._tenant, self._series.kind)

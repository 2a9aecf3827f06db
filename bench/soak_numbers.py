"""2,000 quotes are numbered at once, each tenth in a transaction that is undone. `make soak-numbers`."""

import asyncio
import sys
import time

from infra.postgres.database import Database
from tests.security.two_tenants import two_tenants
from tests.support.databases import Databases
from tests.support.numbering import draft, number_all, numbers_of, unbroken
from tests.support.server import postgres_server

TIMES = 2_000
YEAR = 2026


async def soak(admin_url: str, times: int) -> bool:
    """Whether every number is there, once."""
    database = await Databases(admin_url).new()
    side = (await two_tenants(database)).a
    drafts = await draft(database.admin, side.tenant, side.customer, times)
    pool, started = Database(database.app, size=30), time.monotonic()
    undone = await number_all(pool, side.tenant, drafts, year=YEAR, failing=10)
    found = await numbers_of(database.admin, side.tenant)
    await pool.close()
    print(f"{len(found)} numbered, {undone} undone in {time.monotonic() - started:.0f} s")
    return found == unbroken(YEAR, times - undone)


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else TIMES
    with postgres_server() as url:
        sys.exit(0 if asyncio.run(soak(url, wanted)) else 1)

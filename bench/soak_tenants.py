"""100,000 transactions of two tenants, 64 clients over a pool of 4: none may see a row of the other. `make soak`."""

import asyncio
import sys
import time

from tests.security.mixed_load import mixed_load
from tests.security.two_tenants import two_tenants
from tests.support.databases import Databases
from tests.support.server import postgres_server

TRANSACTIONS = 100_000


async def soak(admin_url: str, transactions: int) -> int:
    """The number of foreign rows that were seen."""
    tenants = await two_tenants(await Databases(admin_url).new())
    started = time.monotonic()
    tally = await mixed_load(tenants, transactions=transactions)
    print(f"{tally} in {time.monotonic() - started:.0f} s")
    return tally.foreign


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else TRANSACTIONS
    with postgres_server() as url:
        sys.exit(1 if asyncio.run(soak(url, wanted)) else 0)

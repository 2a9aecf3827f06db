"""Webhooks of payments in any order, a fifth of them twice, to workers and a Postgres that are killed meanwhile.

`python -m bench.soak_payments [payments] [kills]`, or `make soak-payments`: it says what it saw. Each payment comes to
two to four deliveries; 4,200 payments come to about 10,000. Every tenth kill is followed by the end of Postgres, in
each way in turn. 1 if our book is not the stand-in's at the end, payment by payment and line by line, or if an
invariant is broken.
"""

import asyncio
import os
import sys
import tempfile
from pathlib import Path

import msgspec

from tests.faults.mortal import Mortal
from tests.faults.told_payments import PaymentTrial
from tests.frontdesk.commands import reachable_folder
from tests.support.databases import Databases
from tests.support.invariants import broken_in
from tests.support.payments import till_house

PAYMENTS = 4_200
KILLS = 50


async def soak(place: Path, folder: Path, payments: int, kills: int) -> int:
    server = Mortal(place / "postgres")
    await server.start()
    database = await Databases(server.admin_url).new()
    async with till_house(database, folder) as till:
        seen = await PaymentTrial(till, folder, payments=payments, kills=kills, server=server).run()
    broken = await broken_in(database)
    await server.stop()
    print(f"load {os.getloadavg()[0]:.1f}")
    print("\n".join([*seen.differing[:20], *broken]))
    for name, value in {**msgspec.structs.asdict(seen), "differing": len(seen.differing)}.items():
        print(f"{name:>12}: {value:g}")
    return int(bool(seen.differing or broken or seen.payments != payments))


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    with reachable_folder() as home, tempfile.TemporaryDirectory() as desk:
        sys.exit(asyncio.run(soak(home, Path(desk), *(given or [PAYMENTS, KILLS]))))

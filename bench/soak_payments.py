"""Webhooks of payments in any order, a fifth of them twice, to workers that are killed meanwhile.

`python -m bench.soak_payments [payments] [kills]`, or `make soak-payments`: it says what it saw. Each payment comes to
two to four deliveries; 4,200 payments come to about 10,000. At the end our books must be those of the stand-in.
"""

import asyncio
import os
import sys
import tempfile
from pathlib import Path

import msgspec

from tests.faults.told_payments import PaymentTrial
from tests.support.databases import Databases
from tests.support.payments import till_house
from tests.support.server import postgres_server

PAYMENTS = 4_200
KILLS = 50


async def soak(admin_url: str, folder: Path, payments: int, kills: int) -> None:
    database = await Databases(admin_url).new()
    async with till_house(database, folder) as till:
        seen = await PaymentTrial(till, folder, payments=payments, kills=kills).run()
    print(f"load {os.getloadavg()[0]:.1f}")
    for name, value in msgspec.structs.asdict(seen).items():
        print(f"{name:>12}: {value:g}")


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    with postgres_server() as server, tempfile.TemporaryDirectory() as place:
        asyncio.run(soak(server, Path(place), *(given or [PAYMENTS, KILLS])))

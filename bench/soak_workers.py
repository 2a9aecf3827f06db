"""Workers killed at random while they do what waits: each effect must happen exactly once, and none may be stuck.

`python -m bench.soak_workers [envelopes] [kills]`, or `make soak-workers`: it says what it saw.
"""

import asyncio
import os
import sys
import tempfile
from pathlib import Path

import msgspec

from tests.faults.killed_workers import Trial
from tests.support.databases import Databases
from tests.support.effects import with_tables
from tests.support.server import postgres_server

ENVELOPES = 10_000
KILLS = 50


async def soak(admin_url: str, folder: Path, envelopes: int, kills: int) -> None:
    database = await with_tables(await Databases(admin_url).new())
    seen = await Trial(database, folder, envelopes=envelopes, kills=kills).run()
    print(f"{envelopes} envelopes, load {os.getloadavg()[0]:.1f}")
    for name, value in msgspec.structs.asdict(seen).items():
        print(f"{name:>16}: {value:g}")


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    with postgres_server() as server, tempfile.TemporaryDirectory() as place:
        asyncio.run(soak(server, Path(place), *(given or [ENVELOPES, KILLS])))

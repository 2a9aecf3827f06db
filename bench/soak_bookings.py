"""200 slots that 20 racers each want, by every way in which a time can be taken (attacks C8 118, 119).

`python -m bench.soak_bookings`. At most 40 are in flight. 1 if the history of the race cannot have been.
"""

import asyncio
import platform
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from domains.shared.plans import Plan
from tests.support.calendars import new_desk
from tests.support.databases import Databases
from tests.support.house import house_over
from tests.support.invariants import broken_in
from tests.support.people import new_tenant
from tests.support.race_history import calendar_after, faults_of
from tests.support.races import Attempt, race
from tests.support.server import postgres_server

_SLOTS = 200
_POOL = 60
_RESULT = Path(__file__).with_name("results") / "soak_bookings.md"


async def soak(admin_url: str, folder: Path) -> int:
    database = await Databases(admin_url).new()
    async with house_over(database, folder, pool_size=_POOL) as house:
        desk = await new_desk(house, await new_tenant(house, plan=Plan.UNLIMITED), bookableOnline=True)
        used = time.process_time()
        history = await race(desk, slots=_SLOTS)
        used = time.process_time() - used
        faults = faults_of(history, await calendar_after(desk), slots=_SLOTS)
    faults += await broken_in(database)
    print("\n".join(faults[:50]))
    text = _told(history, faults, used)
    print(text)
    _RESULT.write_text(text, encoding="utf-8")
    return int(bool(faults))


def _told(history: Sequence[Attempt], faults: Sequence[str], used: float) -> str:
    took = sorted((each.ended - each.began) * 1000 for each in history)
    refused = sorted((each.ended - each.began) * 1000 for each in history if not each.is_won)
    ways = Counter(each.way for each in history)
    won = Counter(each.way for each in history if each.is_won)
    lasted = max(each.ended for each in history) - min(each.began for each in history)
    return (
        "# Twenty racers for each slot, by every way\n\n"
        f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, application and load in one process:"
        f" {len(history)} requests in {lasted:.0f} s ({len(history) / lasted:.0f}/s), {used:.0f} s of its processor,"
        f" preparation included. All: {_spread(took)}; refused: {_spread(refused)}."
        f" {len(faults)} faults in the history and the database.\n\n"
        "| way | tried | won |\n| --- | ---: | ---: |\n"
        + "".join(f"| {way} | {ways[way]} | {won[way]} |\n" for way in sorted(ways))
    )


def _spread(took: Sequence[float]) -> str:
    half, most = took[len(took) // 2], took[int(len(took) * 0.99)]
    return f"median {half:.0f} ms, p99 {most:.0f} ms, longest {took[-1]:.0f} ms"


def main() -> int:
    with postgres_server() as url, tempfile.TemporaryDirectory() as folder:
        return asyncio.run(soak(url, Path(folder)))


if __name__ == "__main__":
    sys.exit(main())

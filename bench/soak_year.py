"""A year of weekly visits in Lord Howe, Kathmandu and Samoa, hour by hour and week by week (attack C8 121).

`python -m bench.soak_year`. 1 if a reminder was missed, doubled, or about another time.
"""

import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.support.calendars import new_desk
from tests.support.databases import Databases
from tests.support.house import house_over
from tests.support.people import new_tenant
from tests.support.server import postgres_server
from tests.support.simulated_year import FIRST_DAYS, in_2011, lived

_WEEKS = 52
_RESULT = Path(__file__).with_name("results") / "soak_year.md"


def _steps() -> Iterator[timedelta]:
    some = random.Random(time.time())  # noqa: S311 - steps, not secrets
    while True:
        yield timedelta(hours=some.choice([5, 23, 49, 24 * 7, 24 * 7 + 1]))


async def soak(admin_url: str, folder: Path) -> int:
    database, began = await Databases(admin_url).new(), time.monotonic()
    async with in_2011(database), house_over(database, folder) as house:
        desk = await new_desk(house, await new_tenant(house))
        async with desk.client() as client:
            await client.patch("/appointments/policy", json={"reminderMinutes": [1440, 60]})
        faults = await lived(desk, _steps(), weeks=_WEEKS)
    print("\n".join(faults[:50]))
    _RESULT.write_text(
        f"# A year in zones with odd clocks\n\n{datetime.now(UTC):%Y-%m-%d}: {_WEEKS} visits and {2 * _WEEKS} reminders"
        f" in each of {', '.join(FIRST_DAYS)}, from September 2011 on, in {time.monotonic() - began:.0f} s:"
        f" {len(faults)} were missed, doubled or wrong.\n",
        encoding="utf-8",
    )
    return int(bool(faults))


def main() -> int:
    with postgres_server() as url, tempfile.TemporaryDirectory() as folder:
        return asyncio.run(soak(url, Path(folder)))


if __name__ == "__main__":
    sys.exit(main())

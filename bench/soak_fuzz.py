"""The long form of the fuzzing test (attack C13 172): `python -m bench.soak_fuzz [examples]`.

It ends with 1 if anything was found.
"""

import asyncio
import platform
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from domains.shared.plans import Plan
from tests.fuzzing.fuzzed import fuzz
from tests.support.databases import Databases
from tests.support.house import house_over
from tests.support.invariants import broken_in
from tests.support.people import new_tenant
from tests.support.server import postgres_server

_EXAMPLES = 160
_RESULT = Path(__file__).with_name("results") / "soak_fuzz.md"


async def soak(admin_url: str, folder: Path, examples: int) -> int:
    database, began = await Databases(admin_url).new(), time.monotonic()
    async with house_over(database, folder) as house:
        tenant = await new_tenant(house, plan=Plan.UNLIMITED)
        run = await fuzz(house, tenant, examples=examples, seed=int(time.time()), folder=folder)
    broken = await broken_in(database)
    print(run.said[-20_000:])
    print("\n".join(broken))
    verdict = "nothing found" if not run.code and not broken and run.is_signed_in else "FAILED"
    _RESULT.write_text(
        "# Schemathesis over all operations: positive, negative, stateful, all checks\n\n"
        f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {examples} examples an operation"
        f" and way of asking: {run.cases} cases in {time.monotonic() - began:.0f} s, {verdict};"
        f" {run.links} ways from an answer to another operation gone;"
        f" {len(broken)} invariants broken in the database afterwards.\n",
        encoding="utf-8",
    )
    return int(verdict != "nothing found")


def main() -> int:
    with postgres_server() as url, tempfile.TemporaryDirectory() as folder:
        return asyncio.run(soak(url, Path(folder), int(sys.argv[1]) if len(sys.argv) > 1 else _EXAMPLES))


if __name__ == "__main__":
    sys.exit(main())

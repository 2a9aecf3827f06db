"""Plants faults on purpose, and says which of them the tests find: `make faults`.

Nothing of the tree is touched: faults of the schema are undone with their transaction, faults of the code are planted
in copies. Exit code 1 if a fault is not found, or if the tests that should find it fail without it.
"""

import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg
import msgspec

from tests.faults import (
    access_faults,
    calendar_faults,
    credential_faults,
    customer_faults,
    edge_faults,
    import_faults,
    invoice_faults,
    job_faults,
    money_faults,
    payment_faults,
    source_faults,
    sql_faults,
    tenant_faults,
    trip_faults,
    user_faults,
)
from tests.faults.source_faults import Edit, SourceFault
from tests.support.databases import Databases
from tests.support.server import postgres_server

ROOT = Path(__file__).parents[2]
PARTS = ("src", "migrations", "tests", "pyproject.toml")
AT_ONCE = 2
_FILES = (
    source_faults,
    access_faults,
    credential_faults,
    edge_faults,
    import_faults,
    invoice_faults,
    job_faults,
    money_faults,
    payment_faults,
    tenant_faults,
    trip_faults,
    user_faults,
    customer_faults,
    calendar_faults,
)
SOURCE_FAULTS = tuple(fault for file in _FILES for fault in file.FAULTS)
LONGEST = 300
_FAILED = re.compile(r"\b[1-9]\d* failed\b")


class Outcome(msgspec.Struct, frozen=True):
    """What came of one fault, or of the control. `said` is what was seen instead of what should be."""

    name: str
    found_by: str
    said: str
    seconds: float = 0.0

    @property
    def line(self) -> str:
        result = "MISSED" if self.said else "found"
        return f"{result:7} {self.name:52} {self.found_by} ({self.seconds:.1f} s)" + (
            f"\n{self.said}" * bool(self.said)
        )


class DoesNotFit(Exception):
    """An edit whose text is not in its file exactly once: the code has changed, and the fault must too."""


def plant(edit: Edit, tree: Path) -> None:
    file = tree / edit.file
    text = file.read_text()
    if text.count(edit.old) != 1:
        raise DoesNotFit(f"{edit.file} holds {edit.old!r} {text.count(edit.old)} times")
    file.write_text(text.replace(edit.old, edit.new))


def run_tests(tree: Path, tests: Iterable[str]) -> tuple[int, str]:
    """The exit code of pytest and the end of what it says."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=line", *tests],
        cwd=tree,
        env={**kept, "PYTHONPATH": str(tree / "src"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST,
    )
    return ran.returncode, ran.stdout[-1500:]


def copy_tree(to: Path) -> Path:
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, to / part, ignore=shutil.ignore_patterns("__pycache__", "static"))
        else:
            shutil.copy(source, to / part)
    (to / "src" / "api" / "static").symlink_to(ROOT / "src" / "api" / "static")
    return to


def try_source(fault: SourceFault) -> Outcome:
    """The named test must fail in a copy with the fault: fail, not break down before it ran."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="frontdesk-fault-") as folder:
        try:
            tree = copy_tree(Path(folder))
            for edit in fault.edits:
                plant(edit, tree)
            code, said = run_tests(tree, [fault.caught_by])
        except (DoesNotFit, subprocess.TimeoutExpired) as error:
            code, said = -1, str(error)
    failed = code == 1 and _FAILED.search(said)
    return Outcome(fault.name, fault.caught_by, "" if failed else said, time.monotonic() - started)


def control() -> Outcome:
    """Without a fault, every test that should find one passes, in a copy too."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="frontdesk-fault-") as folder:
        tests = sorted({fault.caught_by for fault in SOURCE_FAULTS})
        code, said = run_tests(copy_tree(Path(folder)), tests)
    return Outcome("(no fault)", f"{len(tests)} tests pass", "" if code == 0 else said, time.monotonic() - started)


async def try_sql(admin_url: str) -> list[Outcome]:
    """Each in a transaction of a session of its own."""
    database = await Databases(admin_url).new()
    outcomes = []
    for fault in sql_faults.FAULTS:
        started = time.monotonic()
        inspector = await asyncpg.connect(database.admin)
        missed = await sql_faults.missed_by(inspector, fault)
        sound = [check for check in fault.caught_by if await sql_faults.findings(inspector, check)]
        await inspector.close()
        said = "".join([f"  not found by: {check}\n" for check in missed] + [f"  found without: {c}\n" for c in sound])
        outcomes.append(Outcome(fault.name, "; ".join(fault.caught_by), said, time.monotonic() - started))
    return outcomes


def main() -> int:
    with postgres_server() as url:
        outcomes = asyncio.run(try_sql(url))
    for outcome in outcomes:
        sys.stdout.write(f"{outcome.line}\n")
    with ThreadPoolExecutor(AT_ONCE) as planters:
        trials = [planters.submit(control), *(planters.submit(try_source, fault) for fault in SOURCE_FAULTS)]
        for trial in trials:
            outcomes.append(trial.result())
            sys.stdout.write(f"{outcomes[-1].line}\n")
            sys.stdout.flush()
    missed = sum(bool(outcome.said) for outcome in outcomes)
    sys.stdout.write(f"{len(outcomes) - 1} faults, {missed} not found\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

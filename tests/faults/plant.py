"""Plants faults on purpose, and says which of them the tests find: `make faults`.

Nothing of the tree is touched: faults of the schema are undone with their transaction, faults of the code are planted
in copies. Programs that run with `-I` are those of the tree: a test that finds a fault of theirs imports them. Words
choose files and single faults: `python -m tests.faults.plant payment sql "nothing is committed"`. Exit code 1 if a
fault is not found, or if the tests that should find it fail without it.
"""

import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from operator import methodcaller
from pathlib import Path
from queue import SimpleQueue
from types import ModuleType

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
    price_faults,
    source_faults,
    sql_faults,
    tenant_faults,
    trip_faults,
    user_faults,
)
from tests.faults.forking import Answer, Order
from tests.faults.source_faults import Edit, SourceFault
from tests.support.databases import Databases, prefix_of
from tests.support.server import postgres_server

ROOT = Path(__file__).parents[2]
PARTS = ("src", "migrations", "tests", "pyproject.toml")
AT_ONCE = 2
FILES = (
    source_faults,
    access_faults,
    credential_faults,
    edge_faults,
    import_faults,
    invoice_faults,
    job_faults,
    money_faults,
    payment_faults,
    price_faults,
    tenant_faults,
    trip_faults,
    user_faults,
    customer_faults,
    calendar_faults,
)
SOURCE_FAULTS = tuple(fault for file in FILES for fault in file.FAULTS)
LONGEST = 600
OF_THE_SERVER = (
    "migrations/",
    "src/infra/postgres/embedded.py",
    "src/infra/postgres/migrate.py",
    "src/infra/postgres/roles.py",
    "src/infra/postgres/schema.py",
    "tests/infra/postgres/test_embedded.py",
    "tests/infra/postgres/test_migrations.py",
    "tests/infra/postgres/test_roles.py",
    "tests/infra/postgres/test_schema.py",
    "tests/infra/postgres/test_servers.py",
    "tests/security/sql/",
)
"""Where a fault of these files is planted, or found by these tests, the roles and the schema are made anew."""
_IDLE = ("cacheprovider", "faker", "schemathesis")
_PYTEST = (
    *("-q", "-x", "--tb=line", "-W", "ignore::pytest.PytestAssertRewriteWarning"),
    *(f"-pno:{plugin}" for plugin in _IDLE),
)
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
    for stale in (file.parent / "__pycache__").glob(f"{file.stem}.*"):
        stale.unlink()


class Ground(msgspec.Struct, frozen=True):
    """A server of one planter's, and a database on it that the sound code has migrated."""

    url: str
    template: str

    async def clear(self, process: int) -> None:
        """Remove what a run of tests left behind."""
        admin = await asyncpg.connect(self.url)
        begin = f"{prefix_of(process)}_"
        for row in await admin.fetch("select datname from pg_database where starts_with(datname, $1)", begin):
            await admin.execute(f'drop database "{row["datname"]}" with (force)')
        await admin.close()


@contextmanager
def ground() -> Iterator[Ground]:
    with postgres_server() as url:
        yield Ground(url, asyncio.run(Databases(url).template()))


class Tester:
    """Runs tests in forks of a process of its own."""

    def __init__(self, stack: ExitStack) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
        program = [sys.executable, str(Path(__file__).with_name("forking.py"))]
        self._process = stack.enter_context(
            subprocess.Popen(program, env=kept, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        )
        stack.callback(self._process.kill)
        self.libraries: list[str] = []

    def run(self, tree: Path, tests: Sequence[str], place: Ground | None = None, seconds: int = LONGEST) -> Answer:
        """Without a place, the tests make themselves one."""
        order = Order(
            tree=str(tree),
            arguments=[*_PYTEST, *tests],
            environment={"DATABASE_URL": place.url, "TEST_TEMPLATE": place.template} if place else {},
            libraries=self.libraries,
            seconds=seconds,
        )
        to_it, from_it = self._process.stdin, self._process.stdout
        assert to_it
        assert from_it
        to_it.write(f"{msgspec.json.encode(order).decode()}\n")
        to_it.flush()
        answer = msgspec.json.decode(from_it.readline(), type=Answer)
        if place:
            asyncio.run(place.clear(answer.process))
        return answer


def copy_tree(to: Path, source: Path = ROOT) -> Path:
    """The parts that tests need. Bytecode is copied from a copy only: it is that of the very same files."""
    skipped = shutil.ignore_patterns("static", *(["__pycache__"] if source == ROOT else []))
    for part in PARTS:
        if (source / part).is_dir():
            shutil.copytree(source / part, to / part, ignore=skipped)
        else:
            shutil.copy(source / part, to / part)
    (to / "src" / "api" / "static").symlink_to(ROOT / "src" / "api" / "static")
    return to


@contextmanager
def copied(source: Path = ROOT) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="frontdesk-fault-") as folder:
        yield copy_tree(Path(folder), source)


def needs_a_server(fault: SourceFault) -> bool:
    """Whether the fault is one of what all tests share, so that nobody else may have it."""
    return any(place.startswith(OF_THE_SERVER) for place in (fault.caught_by, *(edit.file for edit in fault.edits)))


class Planter:
    """Tries faults one after another, each in a copy of `tree`."""

    def __init__(self, tree: Path, tester: Tester, place: Ground) -> None:
        self._tree = tree
        self._tester = tester
        self._place = place

    def attempt(self, fault: SourceFault) -> Outcome:
        """The named test must fail in a copy with the fault: fail, not break down before it ran."""
        started, found, said = time.monotonic(), False, ""
        try:
            with copied(self._tree) as copy:
                for edit in fault.edits:
                    plant(edit, copy)
                answer = self._tester.run(copy, [fault.caught_by], None if needs_a_server(fault) else self._place)
            found, said = answer.code == 1 and bool(_FAILED.search(answer.said)), f"{answer.code}: {answer.said}"
        except DoesNotFit as error:
            said = str(error)
        return Outcome(fault.name, fault.caught_by, "" if found else said, time.monotonic() - started)

    def control(self, faults: Sequence[SourceFault]) -> Outcome:
        """Without a fault, every test that should find one passes, in a copy too."""
        started, tests = time.monotonic(), sorted({fault.caught_by for fault in faults})
        with copied(self._tree) as copy:
            answer = self._tester.run(copy, tests, seconds=LONGEST * len(tests))
        said = "" if answer.code == 0 else answer.said
        return Outcome("(no fault)", f"{len(tests)} tests pass", said, time.monotonic() - started)


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


def try_all(faults: Sequence[SourceFault]) -> Iterator[Outcome]:
    """The faults of the code, and the control. Collecting the tests first leaves their bytecode in the tree."""
    with ExitStack() as stack:
        tree, testers = stack.enter_context(copied()), [Tester(stack) for _ in range(AT_ONCE)]
        seen = testers[0].run(tree, ["--collect-only", *sorted({fault.caught_by for fault in faults})])
        if seen.code:
            sys.exit(seen.said)
        free: SimpleQueue[Planter] = SimpleQueue()
        for tester in testers:
            tester.libraries = seen.libraries
            free.put(Planter(tree, tester, stack.enter_context(ground())))

        def by_one(task: Callable[[Planter], Outcome]) -> Outcome:
            planter = free.get()
            try:
                return task(planter)
            finally:
                free.put(planter)

        pool = stack.enter_context(ThreadPoolExecutor(AT_ONCE))
        tasks = [methodcaller("attempt", fault) for fault in faults]
        yield from pool.map(by_one, [*tasks, methodcaller("control", faults)])


def main(words: Sequence[str]) -> int:
    missed = tried = 0
    for outcome in try_wanted(words):
        sys.stdout.write(f"{outcome.line}\n")
        sys.stdout.flush()
        tried, missed = tried + 1, missed + bool(outcome.said)
    sys.stdout.write(f"{tried} tried, the sound code among them: {missed} not as they should be\n")
    return 1 if missed else 0


def try_wanted(words: Sequence[str]) -> Iterator[Outcome]:
    if not words or "sql" in words:
        with postgres_server() as url:
            yield from asyncio.run(try_sql(url))
    if chosen := [
        fault for file in FILES for fault in file.FAULTS if not words or {_word(file), fault.name} & {*words}
    ]:
        yield from try_all(chosen)


def _word(file: ModuleType) -> str:
    return file.__name__.rpartition(".")[2].removesuffix("_faults")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

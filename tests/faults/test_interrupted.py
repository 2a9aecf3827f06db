"""Backups and restores that are told to stop, at whatever moment: done, or nothing of it. Attack C17 214."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from frontdesk import backup_file
from tests.faults.doomed import ROOT
from tests.frontdesk.commands import environment
from tests.frontdesk.test_backup import admin_of, relatives, rows
from tests.support.databases import TestDatabase

MOMENTS = int(os.environ.get("MOMENTS", "12"))
"""How many of the points at which the work waits; there are some hundreds."""
NEVER = 1_000_000
PATIENCE = 60
WHICH = "select oid from pg_database where datname = current_database()"


class Interrupted:
    """Does one thing in a process of its own, which is told to stop at the n-th point of it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def ends(self, what: str, file: Path, *, at: int) -> tuple[str, int]:
        """How it ended, and how many points it had."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{what} {file} {at}\n".encode())
        async with asyncio.timeout(PATIENCE):
            how, points = (await self._process.stdout.readline()).decode().split()
        return how, int(points)


@asynccontextmanager
async def interrupted(database: TestDatabase, folder: Path) -> AsyncIterator[Interrupted]:
    env = environment(folder, **admin_of(database))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.faults.interrupted",
        cwd=ROOT, env={**env, "PYTHONPATH": f"{env['PYTHONPATH']}:{ROOT}"}, stdin=-1, stdout=-1,
    )  # fmt: skip
    try:
        yield Interrupted(process)
    finally:
        process.kill()
        await process.wait()


def moments(points: int) -> Iterator[int]:
    """Some of them, the first, the last and those next to it among them, and one that never comes."""
    yield from sorted({1, *range(1, points, max(1, points // MOMENTS)), points - 2, points - 1, points})
    yield NEVER


async def test_a_backup_is_there_whole_or_not_at_all(own_database: TestDatabase, tmp_path: Path) -> None:
    seen = set()
    async with interrupted(own_database, tmp_path) as program:
        how, points = await program.ends("backup", tmp_path / "first.backup", at=NEVER)
        assert how == "done"
        for number, point in enumerate(moments(points)):
            file = tmp_path / f"{number}.backup"
            how, _ = await program.ends("backup", file, at=point)
            assert file.exists() == (how == "done"), point
            assert not file.with_name(f"{file.name}.partial").exists()
            if file.exists():
                backup_file.read(file)
            seen.add(how)
    assert seen == {"stopped", "done"}


async def test_a_restore_takes_the_database_s_place_or_leaves_it(own_database: TestDatabase, tmp_path: Path) -> None:
    file, seen = tmp_path / "a.backup", set()
    async with interrupted(own_database, tmp_path) as program:
        await program.ends("backup", file, at=NEVER)
        _, points = await program.ends("restore", file, at=NEVER)
        for point in moments(points):
            before = await rows(own_database, WHICH)
            how, _ = await program.ends("restore", file, at=point)
            assert (await rows(own_database, WHICH) == before) == (how == "stopped"), point
            assert await relatives(own_database) == [], point
            seen.add(how)
    assert seen == {"stopped", "done"}

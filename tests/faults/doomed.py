"""Work that is done in a process of its own, which dies at the n-th point of it: see `crash_points`."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.faults.processes import SOURCE
from tests.support.databases import TestDatabase

ROOT = Path(__file__).parents[2]
POINTS = range(1, 300, int(os.environ.get("CRASH_POINTS_STEP", "3")))
"""Every third one; `CRASH_POINTS_STEP=1` takes all (a minute and more)."""
NEVER = 0


class Doomed:
    """Does one thing in a process of its own, which dies at its n-th point."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def dies(self, what: str, tenant: UUID, envelope: UUID, *, at: int) -> bool:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{what} {tenant} {envelope} {at}\n".encode())
        answer = (await self._process.stdout.readline()).decode().strip()
        assert answer in {"killed", "ended 0"}, answer
        return answer == "killed"

    async def dies_once(self, met: Coroutine[Any, Any, None], what: str, tenant: UUID, envelope: UUID) -> bool:
        """Kill it as soon as `met` returns. False where it came to its end before that."""
        answering = asyncio.create_task(self.dies(what, tenant, envelope, at=NEVER))
        meeting = asyncio.create_task(met)
        try:
            await asyncio.wait({answering, meeting}, return_when=asyncio.FIRST_COMPLETED)
            if meeting.done():
                meeting.result()
                self._kill()
            return await answering
        finally:
            meeting.cancel()

    def _kill(self) -> None:
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(int(child), signal.SIGKILL)


@asynccontextmanager
async def doomed(database: TestDatabase, smtp_url: str, *stripe: str) -> AsyncIterator[Doomed]:
    """`stripe`: where it stands, for one that knows payments and no toy."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.faults.crash_points", database.app, database.relay, smtp_url, *stripe,
        cwd=ROOT, env={"PYTHONPATH": f"{SOURCE}:{ROOT}"}, stdin=-1, stdout=-1,
    )  # fmt: skip
    try:
        yield Doomed(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()

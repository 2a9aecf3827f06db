"""A Postgres that can be ended in every way, and started again on the same port."""

import asyncio
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from infra.postgres.embedded import EmbeddedPostgres
from tests.support.soon import until

WAYS = {"fast": signal.SIGINT, "immediate": signal.SIGQUIT, "killed": signal.SIGKILL}


class Mortal:
    """A Postgres of its own, durable as in production. Its parent is one thread, which lasts as long as it does."""

    def __init__(self, folder: Path) -> None:
        self._server = EmbeddedPostgres(folder, settings={"max_connections": "50"})
        self._thread = ThreadPoolExecutor(1)

    @property
    def admin_url(self) -> str:
        return self._server.admin_url

    @property
    def pid(self) -> int:
        return int((self._server.home / "pgdata" / "postmaster.pid").read_text().split()[0])

    async def start(self) -> None:
        """Start it, also again after it has ended."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._server.start)

    async def stop(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._server.stop)

    async def end(self, how: signal.Signals) -> None:
        """Send `how` to the server, and wait until it is gone."""
        os.kill(self.pid, how)
        await until(lambda: not self._server.is_running, within=30)

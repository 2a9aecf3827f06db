"""`frontdesk api` and `frontdesk worker` as processes of their own, over a test's database."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from tests.frontdesk.commands import FORKS
from tests.frontdesk.forked import Fork
from tests.support.databases import TestDatabase
from tests.support.house import DATA_KEY, SECRET

SOURCE = Path(__file__).parents[2] / "src"
KEPT = ("PATH", "HOME", "LANG", "VIRTUAL_ENV", "TMPDIR")
PATIENCE = 60


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def environment(database: TestDatabase, **settings: str) -> dict[str, str]:
    """Nothing of this machine's settings, the code of this tree, and the keys of a `House`."""
    return {
        **{name: os.environ[name] for name in KEPT if name in os.environ},
        "PYTHONPATH": str(SOURCE),
        "DATABASE_URL": database.app,
        "DATABASE_OWNER_URL": database.owner,
        "DATABASE_RELAY_URL": database.relay,
        "JWT_SECRET": SECRET,
        "DATA_KEY": DATA_KEY,
        "SMTP_URL": "smtp://127.0.0.1:9",
        "LOG_LEVEL": "WARNING",
        "RATE_LIMITS": "off",
        **settings,
    }


class Process:
    """One `frontdesk` command under way. Its log is a file, which a failing test shows."""

    def __init__(self, command: str, env: dict[str, str], folder: Path, listening: socket.socket | None = None) -> None:
        self._log = folder / f"{command}-{time.monotonic_ns()}.log"
        with self._log.open("wb") as log:
            self.process: subprocess.Popen[bytes] | Fork = (
                _alone([sys.executable, "-m", "frontdesk", command], env, folder, listening, log)
                if listening or "LD_PRELOAD" in env
                else FORKS.start([command], cwd=folder, env=env, out=log.fileno(), err=log.fileno())
            )

    @property
    def said(self) -> str:
        return self._log.read_text()

    def wait(self) -> int:
        """The code it ends with."""
        return self.process.wait(timeout=PATIENCE)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


def _alone(
    begin: list[str], env: dict[str, str], folder: Path, listening: socket.socket | None, log: BinaryIO
) -> "subprocess.Popen[bytes]":
    """From the interpreter's start on."""
    if listening:
        env = {**env, "LISTEN_FDS": "1", "PASSED": str(listening.fileno())}
        begin = ["bash", "-c", 'exec 3<&"$PASSED"; export LISTEN_PID=$$; exec "$@"', "-", *begin]
    passed = (listening.fileno(),) if listening else ()
    return subprocess.Popen(begin, cwd=folder, env=env, stdout=log, stderr=log, pass_fds=passed)


@contextmanager
def running(
    command: str, env: dict[str, str], folder: Path, listening: socket.socket | None = None
) -> Iterator[Process]:
    process = Process(command, env, folder, listening)
    try:
        yield process
    finally:
        process.kill()

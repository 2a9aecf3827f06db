"""Starts the real command `frontdesk` as a process, in a folder of its own."""

import os
import queue
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.frontdesk.forked import Forks

FRONTDESK = (sys.executable, "-m", "frontdesk")
SOURCE = Path(__file__).parents[2] / "src"
FORKS = Forks()
KEPT = ("PATH", "HOME", "LANG", "VIRTUAL_ENV", "SYSTEMROOT", "TMPDIR")


@contextmanager
def reachable_folder() -> Iterator[Path]:
    """A folder that every user of the machine can reach, unlike pytest's own: root's Postgres is not root's."""
    made = Path(tempfile.mkdtemp(prefix="frontdesk-test-"))
    made.chmod(0o755)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """Nothing of this machine's settings, the code of this tree, a data folder below `folder`, and `settings`."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {**kept, "PYTHONPATH": str(SOURCE), "FRONTDESK_DATA_DIR": str(folder / "data"), **settings}


def run(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, in `folder`."""
    return FORKS.run(arguments, cwd=folder, env=environment(folder, **settings), timeout=60)


def run_alone(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """The same from the interpreter's start on, as a person calls it."""
    return subprocess.run(
        [*FRONTDESK, *arguments],
        cwd=folder,
        env=environment(folder, **settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def refusal(folder: Path, *arguments: str, **settings: str) -> str:
    """The one line on which a command refuses, with exit code 1."""
    done = run(folder, *arguments, **settings)
    lines = done.stderr.strip().splitlines()
    assert done.returncode == 1, done
    assert len(lines) == 1, done
    assert "Unexpected" not in lines[0]
    return lines[0]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


class Running:
    """A `frontdesk up` under way."""

    def __init__(self, folder: Path, command: Sequence[str], env: Mapping[str, str]) -> None:
        self.lines: list[str] = []
        self._said: queue.Queue[str | None] = queue.Queue()
        self.process = subprocess.Popen(
            command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            start_new_session=True,
        )  # fmt: skip
        threading.Thread(target=self._listen, daemon=True).start()

    def wait_for(self, beginning: str, seconds: float = 90) -> str:
        """The next line that begins so."""
        deadline = time.monotonic() + seconds
        while True:
            line = self._said.get(timeout=max(0.01, deadline - time.monotonic()))
            assert line is not None, self.lines
            if line.strip().startswith(beginning):
                return line.strip()

    def end(self) -> None:
        self.process.kill()
        self.process.wait()

    def _listen(self) -> None:
        assert self.process.stdout
        with self.process.stdout as said:
            for line in said:
                self.lines.append(line)
                self._said.put(line)
        self._said.put(None)


@contextmanager
def up(folder: Path, *, parent: Sequence[str] = (), **settings: str) -> Iterator[Running]:
    """Run `frontdesk up` in `folder`, begun by the program `parent` if there is one."""
    running = Running(folder, [*parent, *FRONTDESK, "up"], environment(folder, **settings))
    try:
        yield running
    finally:
        running.end()


def processes_of(folder: Path) -> list[int]:
    """The processes whose command line or working folder names `folder`, or that have it as their data folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes() + bytes((process / "cwd").readlink()) + b"\0"
            words += (process / "environ").read_bytes()
        except OSError:
            continue
        if os.fsencode(folder) in words and int(process.name) != os.getpid():
            found.append(int(process.name))
    return found


def process_of(folder: Path, *words: str) -> int | None:
    """One of them whose command line has these words in a row. A process that ends meanwhile is none."""
    wanted = b"\0".join(word.encode() for word in words) + b"\0"
    for pid in processes_of(folder):
        with suppress(OSError):
            if wanted in Path(f"/proc/{pid}/cmdline").read_bytes():
                return pid
    return None

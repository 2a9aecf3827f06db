"""A private Postgres server in a data folder, as a child of this process: for development, demos and tests."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from infra.postgres import data_folder
from infra.postgres.binaries import Binaries, bundled, choose, installed
from infra.postgres.server_failed import NO_SPACE, ServerFailed, disk_full, explained
from infra.processes import instead_of_root, start_child

HOST = "127.0.0.1"
_READY_SECONDS = 120
_PORT_ATTEMPTS = 5
_LOG_CEILING = 10_000_000
_PID_LINE, _PORT_LINE, _STATUS_LINE = 0, 3, 7


def tell(line: str) -> None:
    """Say it to whoever started the program: there may be no log yet."""
    sys.stderr.write(f"{line}\n")


class PortTaken(ServerFailed):
    """Another program listens on the port."""


class EmbeddedPostgres:
    """One server on one data folder, reached over TCP on 127.0.0.1 with a password.

    - `port` None takes a free one, and keeps it when the server is started again.
    - `settings` are passed on as they are (`{"fsync": "off"}` in tests). `places` are the folders to look for Postgres'
      programs in; by default the embedded wheel's, then the system's.
    - The server stops cleanly (SIGINT) when the thread that started it ends, even by SIGKILL.
    - Whatever keeps it from running raises `ServerFailed`. Its own log is `<folder>/postgres.log`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        port: int | None = None,
        settings: Mapping[str, str] | None = None,
        places: Sequence[Path] | None = None,
        say: Callable[[str], None] = tell,
    ) -> None:
        self.folder = folder.absolute()
        self.home = self.folder
        self.port = port
        self._any_port = port is None
        self._settings = dict(settings or {})
        self._places = places
        self._say = say
        self._user = instead_of_root()
        self._lock: IO[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def admin_url(self) -> str:
        """The superuser's address of the database `postgres`. It is a secret."""
        if self.port is None:
            raise ServerFailed("The embedded PostgreSQL has not been started.")
        return _url(self.home, self.port)

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def log(self) -> Path:
        return self.folder / "postgres.log"

    def start(self) -> None:
        """Start the server and wait until it takes connections. Does nothing if it runs."""
        if self.is_running:
            return
        try:
            self._start()
        except OSError as error:
            self.stop()
            raise explained(error, self.folder) from error
        except BaseException:
            self.stop()
            raise

    def stop(self, *, patience: float = 30) -> None:
        """End sessions and stop cleanly; after `patience` seconds, stop at once (the next start recovers)."""
        if self._process:
            for order, seconds in ((signal.SIGINT, patience), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0)):
                if _stopped(self._process, order, seconds):
                    break
            self._process = None
        if self._lock:
            self._lock.close()
            self._lock = None

    def _start(self) -> None:
        binaries = choose([*bundled(), *installed()] if self._places is None else self._places, self._user)
        self.home = data_folder.settle(self.folder, self._user, self._say)
        self._lock = self._lock or data_folder.lock(self.folder)
        data_folder.initialise(self.home, binaries, self._user, durable=self._settings.get("fsync") != "off")
        data_folder.wait_for_leftovers(self.home / "pgdata")
        for attempts_left in reversed(range(_PORT_ATTEMPTS)):
            port = self.port or _free_port()
            try:
                self._serve(binaries, port)
            except PortTaken:
                if not self._any_port or not attempts_left:
                    raise
                self.port = None
            else:
                self.port = port
                return

    def _serve(self, binaries: Binaries, port: int) -> None:
        options = {
            "listen_addresses": HOST,
            "port": str(port),
            "unix_socket_directories": "",
            "timezone": "UTC",
            "log_timezone": "UTC",
            **self._settings,
        }
        arguments = [argument for name, value in options.items() for argument in ("-c", f"{name}={value}")]
        with self._open_log() as log:
            begin = log.tell()
            self._process = start_child(
                [binaries.folder / "postgres", "-D", self.home / "pgdata", *arguments],
                when_orphaned=signal.SIGINT,
                user=self._user,
                env=data_folder.CLEAN,
                cwd=Path("/"),
                output=log,
            )
        self._wait_until_ready(self._process, port, begin)

    def _open_log(self) -> IO[bytes]:
        if self.log.exists() and self.log.stat().st_size > _LOG_CEILING:
            self.log.replace(self.log.with_suffix(".log.1"))
        log = os.fdopen(os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")
        log.seek(0, os.SEEK_END)
        return log

    def _wait_until_ready(self, process: subprocess.Popen[bytes], port: int, begin: int) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        while time.monotonic() < deadline:
            if process.poll() is not None:
                with self.log.open("rb") as log:
                    log.seek(begin)
                    raise self._diagnosis(log.read().decode(errors="replace"), port)
            state = _state(self.home)
            if state and state[_PID_LINE] == str(process.pid) and state[_STATUS_LINE] == "ready":
                return
            time.sleep(0.01)
        raise ServerFailed(f"PostgreSQL is not ready after {_READY_SECONDS} seconds. Its log: {self.log}")

    def _diagnosis(self, said: str, port: int) -> ServerFailed:
        if NO_SPACE in said:
            return disk_full(self.home)
        if "could not create any TCP/IP sockets" in said:
            return PortTaken(f"PostgreSQL cannot listen on {HOST}:{port}: another program does.")
        fatal = [line.partition("FATAL:")[2].strip() for line in said.splitlines() if "FATAL:" in line]
        why = fatal[-1] if fatal else " ".join(said.split())[-200:] or "it said nothing"
        return ServerFailed(f"PostgreSQL did not start: {why}. Its log: {self.log}")


def running_url(folder: Path) -> str | None:
    """The superuser's address of the server that another process runs on `folder`, if one does."""
    home = data_folder.locate(folder.absolute())
    try:
        state = _state(home)
        if not state or state[_STATUS_LINE] != "ready" or not Path("/proc", state[_PID_LINE]).exists():
            return None
        return _url(home, int(state[_PORT_LINE]))
    except OSError as error:
        raise explained(error, folder) from error


def _url(home: Path, port: int) -> str:
    return f"postgresql://{data_folder.ADMIN}:{data_folder.password(home)}@{HOST}:{port}/postgres"


def _state(home: Path) -> list[str] | None:
    try:
        lines = (home / "pgdata" / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return None
    return [line.strip() for line in lines] if len(lines) > _STATUS_LINE else None


def _free_port() -> int:
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])


def _stopped(process: subprocess.Popen[bytes], order: signal.Signals, seconds: float) -> bool:
    if process.poll() is None:
        process.send_signal(order)
        try:
            process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return False
    return True

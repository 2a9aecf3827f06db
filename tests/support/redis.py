"""A real Redis (or Valkey) on a free port of this machine, which can be killed and started again."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.soon import wait_until


class RedisServer:
    """One server, keeping nothing on disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        with socket.create_server(("127.0.0.1", 0)) as found:
            self._port = int(found.getsockname()[1])

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self._port}/0"

    def start(self) -> None:
        """Return once it answers. One that runs is left alone."""
        program = shutil.which("redis-server") or shutil.which("valkey-server")
        assert program, "the Debian package redis-server is missing"
        options = ["--port", str(self._port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self._folder)]
        if self._process:
            return
        self._process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
        wait_until(self.answers)

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def stall(self, seconds: float) -> None:
        """Have it answer nobody for a while."""
        self._tell(b"CLIENT PAUSE %d ALL" % int(seconds * 1000))

    def take_no_writes(self) -> None:
        """Make it the replica of a server that is not there: it can be read, and refuses what writes."""
        self._tell(b"REPLICAOF 127.0.0.1 1")

    def take_writes(self) -> None:
        self._tell(b"REPLICAOF NO ONE")

    def empty(self) -> None:
        """Forget keys and scripts."""
        self._tell(b"FLUSHALL")
        self._tell(b"SCRIPT FLUSH")

    def answers(self) -> bool:
        """Within a second."""
        try:
            with socket.create_connection(("127.0.0.1", self._port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def _tell(self, command: bytes) -> None:
        with socket.create_connection(("127.0.0.1", self._port)) as connection:
            connection.sendall(command + b"\r\n")
            assert connection.recv(64) == b"+OK\r\n"


@contextmanager
def redis_server(folder: Path) -> Iterator[RedisServer]:
    server = RedisServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()

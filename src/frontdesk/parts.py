"""The servers that `frontdesk up` runs, each as a child process."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from infra.postgres.embedded import EmbeddedPostgres
from infra.processes import start_child

_LOG_CEILING = 20_000_000


class Part(Protocol):
    """A server that can be started, again too, and that may end by itself."""

    @property
    def name(self) -> str: ...

    @property
    def log(self) -> Path: ...

    def start(self) -> None: ...

    def ended(self) -> str | None:
        """How it ended, or None while it runs."""
        ...

    def ask_to_stop(self) -> None:
        """Have it finish what it has begun, and end. Does not wait."""
        ...

    def stop(self, *, patience: float) -> None:
        """Wait until it has ended; after `patience` seconds, end it."""
        ...


class Command:
    """A `frontdesk` command as a part. What it says goes to `<logs>/<name>.log`."""

    def __init__(self, name: str, *, env: Mapping[str, str], logs: Path) -> None:
        self.name = name
        self.log = logs / f"{name}.log"
        self._env = dict(env)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        if self.log.exists() and self.log.stat().st_size > _LOG_CEILING:
            self.log.replace(self.log.with_suffix(".log.1"))
        with os.fdopen(os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as log:
            self._process = start_child(
                [sys.executable, "-m", "frontdesk", "--debug", self.name],
                when_orphaned=signal.SIGTERM,
                env=self._env,
                output=log,
            )

    def ended(self) -> str | None:
        code = None if self._process is None else self._process.poll()
        if code is None:
            return None
        return f"by {signal.Signals(-code).name}" if code < 0 else f"with code {code}"

    def has_succeeded(self) -> bool:
        return self._process is not None and self._process.poll() == 0

    def ask_to_stop(self) -> None:
        if self._process:
            self._process.send_signal(signal.SIGTERM)

    def stop(self, *, patience: float) -> None:
        if self._process:
            try:
                self._process.wait(timeout=patience)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


class Postgres:
    """The embedded server as a part."""

    name = "postgres"

    def __init__(self, server: EmbeddedPostgres) -> None:
        self._server = server

    @property
    def log(self) -> Path:
        return self._server.log

    def start(self) -> None:
        self._server.start()

    def ended(self) -> str | None:
        return None if self._server.is_running else "unexpectedly"

    def ask_to_stop(self) -> None:
        """Nothing yet: those who use it are still finishing."""

    def stop(self, *, patience: float) -> None:
        self._server.stop(patience=patience)

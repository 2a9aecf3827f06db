"""A lock that one process holds by a file, and that the kernel frees however that process ends."""

import fcntl
import os
from pathlib import Path
from typing import IO


class Held(Exception):
    """Another process has the lock; `holder` is its id, if it could be read."""

    def __init__(self, holder: str) -> None:
        super().__init__(f"held by process {holder}")
        self.holder = holder


def take(path: Path) -> IO[str]:
    """Hold the lock until the answer is closed. Raise `Held` at once if another process does."""
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        holder = file.read().strip()
        file.close()
        raise Held(holder or "unknown") from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file

"""A file system of its own that is soon full."""

import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_BLOCK = b"\0" * (1 << 20)


class SmallDisk:
    """`fill` leaves not a byte free, `clear` gives it all back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        with self._ballast.open("ab", buffering=0) as file:
            for size in (len(_BLOCK), 4096, 1):
                _fill(file.fileno(), size)

    def clear(self) -> None:
        self._ballast.unlink(missing_ok=True)


@contextmanager
def small_disk(folder: Path, *, megabytes: int) -> Iterator[SmallDisk]:
    """Mounted at `folder`, in memory. Only root can: elsewhere the test is left out."""
    folder.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "frontdesk-test", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here: that takes root")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _fill(file: int, size: int) -> None:
    try:
        while os.write(file, _BLOCK[:size]) == size:
            continue
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise

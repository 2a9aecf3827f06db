"""Whether there is room for files where they are kept."""

import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import ClassVar

LEAST_BYTES = 500_000_000
"""With less, a disk counts as full."""


class NoRoom(Exception):
    """The disk is as good as full."""


class FilesHealth:
    """A health check. Where no file can be kept, exports, imports and pictures fail; all else is served."""

    name: ClassVar[str] = "files"
    critical: ClassVar[bool] = False

    def __init__(self, folder: Path, *, least: int = LEAST_BYTES) -> None:
        self._folder = folder
        self._least = least

    async def check(self) -> None:
        if await asyncio.to_thread(room_in, self._folder) < self._least:
            raise NoRoom


def place_of(folder: Path) -> Path:
    """The folder, or the nearest above it that is there: folders are made when they are first needed."""
    return next(place for place in (folder, *folder.parents) if place.exists())


def room_in(folder: Path) -> int:
    """The free bytes there. Raise `OSError` where nothing can be written: tried with a file that has no name."""
    place = place_of(folder)
    tempfile.TemporaryFile(dir=place).close()
    return shutil.disk_usage(place).free

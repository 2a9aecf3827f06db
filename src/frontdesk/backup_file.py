"""The file of a backup: a ZIP archive of `database.dump`, as `pg_dump` made it, and of `manifest.json`, about it.

It appears under its name when it is whole and on the disk, open to its owner only. What an interrupted attempt leaves
is `<name>.partial`, which the next one takes over.
"""

import errno
import fcntl
import hashlib
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

import msgspec

from frontdesk.refusal import Refusal

FORMAT = 1
_DUMP = "database.dump"
_MANIFEST = "manifest.json"
_CHUNK = 1 << 20
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


class Manifest(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a backup holds.

    `version` is Frontdesk's and `revision` the database's, `postgres` the server's major version; `rows` counts each
    table's; `size` (bytes) and `sha256` are of the dump.
    """

    format: int
    version: str
    revision: str
    postgres: int
    made_at: datetime
    rows: dict[str, int]
    size: int
    sha256: str


class DumpWriter:
    """Takes a dump in, and knows its size and checksum."""

    def __init__(self, into: IO[bytes]) -> None:
        self._into = into
        self._digest = hashlib.sha256()
        self.size = 0

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def write(self, chunk: bytes) -> None:
        self._into.write(chunk)
        self._digest.update(chunk)
        self.size += len(chunk)


def write(path: Path, make: Callable[[DumpWriter], Manifest]) -> Manifest:
    """Write the backup that `make` puts into the writer and describes. Raise `Refusal` where that cannot be done."""
    if path.exists():
        raise Refusal(f"{path} is there already: name another file, or move that one away.")
    with _told(path, "write"):
        partial = path.with_name(f"{path.name}.partial")
        with _taken(partial) as file:
            manifest = _filled(file, make)
            file.flush()
            os.fsync(file.fileno())
            partial.rename(path)
        _sync(path.parent)
    return manifest


def read(path: Path) -> Manifest:
    """The description of a backup of which every byte is as it was written. Raise `Refusal` for anything else."""
    with _told(path, "read"):
        try:
            with zipfile.ZipFile(path) as archive:
                manifest = msgspec.json.decode(archive.read(_MANIFEST), type=Manifest)
        except (zipfile.BadZipFile, KeyError, msgspec.DecodeError):
            raise Refusal(f"{path} is not a backup of Frontdesk's, or it is damaged.") from None
        if manifest.format != FORMAT:
            raise Refusal(f"{path} was made by Frontdesk {manifest.version}, which is too new for this one.")
        if _digest(path) != (manifest.size, manifest.sha256):
            raise _damaged(path)
    return manifest


def chunks(path: Path) -> Iterator[bytes]:
    """The dump, piece by piece."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(_DUMP) as dump:
            while chunk := dump.read(_CHUNK):
                yield chunk
    except (zipfile.BadZipFile, KeyError, EOFError):
        raise _damaged(path) from None


def _filled(file: IO[bytes], make: Callable[[DumpWriter], Manifest]) -> Manifest:
    with zipfile.ZipFile(file, "w") as archive:
        with archive.open(_DUMP, "w", force_zip64=True) as entry:
            manifest = make(DumpWriter(entry))
        archive.writestr(_MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
    return manifest


@contextmanager
def _taken(partial: Path) -> Iterator[IO[bytes]]:
    """An empty file that no other backup writes to; gone afterwards, unless it was given another name."""
    opened = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(opened, "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refusal(f"Another backup to {partial.with_suffix('')} is under way.") from None
        os.fchmod(file.fileno(), 0o600)
        file.truncate(0)
        try:
            yield file
        except BaseException:
            partial.unlink(missing_ok=True)
            raise


def _digest(path: Path) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    for chunk in chunks(path):
        digest.update(chunk)
        size += len(chunk)
    return size, digest.hexdigest()


def _sync(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _damaged(path: Path) -> Refusal:
    return Refusal(f"{path} is damaged: it is not what was written. Nothing was restored.")


@contextmanager
def _told(path: Path, what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise Refusal(f"The disk is full: there is no room for {path}.") from None
        if error.errno in _FORBIDDEN:
            raise Refusal(f"No permission to {what} {path}.") from None
        raise Refusal(f"{path} cannot be {'read' if what == 'read' else 'written'}: {error.strerror}.") from None

"""Files that people send: taken in on disk, read through, and kept in parts until they were imported."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import BinaryIO, TypeVar, TypeVarTuple, cast
from uuid import UUID

import msgspec
import structlog

from domains.customers.importing import Columns, Row, Upload
from domains.jobs import Files
from domains.shared.errors import Unavailable, ValidationFailed
from infra.files.sheets import Sheet
from infra.files.store import FileStore

_ROWS_A_PART = 1_000
_BYTES_A_PART = 4_000_000
_IN_MEMORY = 1 << 20
Given = TypeVarTuple("Given")
Done = TypeVar("Done")
_log = structlog.get_logger("files")


class StoredUploads:
    """The `Uploads` of the tenant to which the work is bound. A part holds the rows of one chunk of the import."""

    def __init__(self, files: Files, store: FileStore) -> None:
        self._files = files
        self._store = store

    @asynccontextmanager
    async def receive(self, content: AsyncIterator[bytes]) -> AsyncIterator["ReceivedFile"]:
        """On disk it has no name: nothing is left of it, however this process ends."""
        with await _on_disk(self._nameless) as file:
            waiting = bytearray()
            async for block in content:
                waiting += block
                if len(waiting) >= _IN_MEMORY:
                    await _on_disk(file.write, bytes(waiting))
                    waiting.clear()
            await _on_disk(file.write, bytes(waiting))
            yield ReceivedFile(self._files, file)

    def _nameless(self) -> BinaryIO:
        return cast("BinaryIO", tempfile.TemporaryFile(dir=self._store.ready_folder))

    async def rows(self, upload: UUID, part: int) -> Sequence[Row]:
        content = b"".join([block async for block in self._files.read(upload, [_name(part)])])
        return msgspec.json.decode(content, type=list[Row])

    async def delete(self, upload: UUID) -> None:
        await self._files.delete(upload)


class ReceivedFile:
    """The `Received`."""

    def __init__(self, files: Files, file: BinaryIO) -> None:
        self._files = files
        self._file = file

    async def keep(self, upload: UUID) -> Upload:
        sheet = await asyncio.to_thread(Sheet, self._file)
        try:
            columns = Columns.of(sheet.header)
            return await self._keep(upload, columns, _parts(sheet.rows()))
        except BaseException:
            await self._files.delete(upload)
            raise
        finally:
            sheet.close()

    async def _keep(self, upload: UUID, columns: Columns, parts: Iterator[list[Row]]) -> Upload:
        rows = number = size = 0
        none: list[Row] = []
        while part := await asyncio.to_thread(next, parts, none):
            content = await asyncio.to_thread(msgspec.json.encode, part)
            await self._files.put(upload, _name(number), content)
            rows, number, size = rows + len(part), number + 1, size + len(content)
        if not rows:
            raise ValidationFailed.of("file", "no_rows", "Below its first row the file has none.")
        return Upload(columns, rows, number, size)


async def _on_disk(act: Callable[[*Given], Done], *given: *Given) -> Done:
    """Raise `Unavailable` where the disk is full, or the folder is not there to be written to."""
    try:
        return await asyncio.to_thread(act, *given)
    except OSError as error:
        _log.error("files_not_kept", reason=error.strerror)
        raise Unavailable("Files cannot be kept.") from error


def _parts(rows: Iterator[Row]) -> Iterator[list[Row]]:
    part: list[Row] = []
    size = 0
    for row in rows:
        part.append(row)
        size += sum(map(len, row.cells))
        if len(part) == _ROWS_A_PART or size >= _BYTES_A_PART:
            yield part
            part, size = [], 0
    if part:
        yield part


def _name(part: int) -> str:
    return f"rows-{part}"

"""Files of jobs in a folder of this machine, or one that all machines share."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from uuid import UUID

from obstore.store import LocalStore

from domains.shared.vault import Place, Vault
from infra.files.sealed import opened, sealed
from infra.postgres.work import PostgresWork

_AT_ONCE = 1 << 18
_COLUMN = "jobs.files"


class FileStore:
    """The folder, closed to other users of the machine. A process has one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made: LocalStore | None = None

    @property
    def store(self) -> LocalStore:
        """Made when first needed: a process that never touches a file leaves no folder behind."""
        if self._made is None:
            self._made = LocalStore(self.ready_folder)
        return self._made

    @property
    def ready_folder(self) -> Path:
        """The folder, made if it was not there."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        return self.folder


class StoredFiles:
    """The `Files` of the tenant to which the work is bound: its id leads every path, and is never a caller's.

    They are encrypted at rest.
    """

    def __init__(self, files: FileStore, vault: Vault, work: PostgresWork) -> None:
        self._files = files
        self._vault = vault
        self._work = work

    async def put(self, job: UUID, part: str, content: bytes) -> None:
        locked = await asyncio.to_thread(sealed, content, self._vault, self._place(job, part))
        await self._files.store.put_async(self._path(job, part), locked)

    async def read(self, job: UUID, parts: Sequence[str]) -> AsyncIterator[bytes]:
        for part in parts:
            async for piece in opened(self._stored(job, part), self._vault, self._place(job, part)):
                yield piece

    async def delete(self, job: UUID) -> None:
        await self._delete_below(self._folder(job))

    async def delete_all(self) -> None:
        await self._delete_below(self._root())

    async def _delete_below(self, folder: str) -> None:
        store = self._files.store
        async for found in store.list(folder):
            await store.delete_async([entry["path"] for entry in found])

    async def _stored(self, job: UUID, part: str) -> AsyncIterator[bytes]:
        found = await self._files.store.get_async(self._path(job, part))
        async for block in found.stream(min_chunk_size=_AT_ONCE):
            yield bytes(block)

    def _place(self, job: UUID, part: str) -> Place:
        return Place(self._work.tenant, _COLUMN, f"{job}/{part}")

    def _root(self) -> str:
        return f"jobs/{self._work.tenant}"

    def _folder(self, job: UUID) -> str:
        return f"{self._root()}/{job}"

    def _path(self, job: UUID, part: str) -> str:
        return f"{self._folder(job)}/{part}"

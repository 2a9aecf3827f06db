"""What exports need from the world."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

import msgspec


class Batch(msgspec.Struct, frozen=True):
    """Some rows of one table, a line of JSON each. `last` is where to go on from; None where the table has ended."""

    lines: bytes
    rows: int
    last: tuple[str, ...] | None


class ExportSource(Protocol):
    """The tenant's rows; with a `person`, those that are about that user. Columns declared secret are left out."""

    def tables(self, person: UUID | None) -> Sequence[str]:
        """The tables that are exported, in their order."""
        ...

    async def count(self, person: UUID | None) -> int | None:
        """How many rows that will be; None where it would take long to count them."""
        ...

    async def batch(self, table: str, person: UUID | None, after: tuple[str, ...] | None) -> Batch:
        """The rows that follow, a thousand at most."""
        ...


class Piece(msgspec.Struct, frozen=True):
    """What comes next in an archive's member `name`; with `is_last` that member has ended."""

    name: str
    content: bytes
    is_last: bool


class Member(msgspec.Struct, frozen=True):
    """A file inside the archive. `start` is where it begins; sizes are in bytes."""

    name: str
    start: int
    checksum: int = 0
    size: int = 0
    packed: int = 0


class ArchiveState(msgspec.Struct, frozen=True):
    """How far an archive has been written: its parts, its length in bytes, its members, the last one open or not."""

    parts: tuple[str, ...] = ()
    length: int = 0
    members: tuple[Member, ...] = ()
    is_open: bool = False


class Archive(Protocol):
    """A ZIP file that is written in parts, any of which may be the last that its process lived to write."""

    async def add(self, job: UUID, state: ArchiveState, pieces: Sequence[Piece], *, is_end: bool) -> ArchiveState:
        """Write one more part. What it was written after stays as it is, so that it can be written again."""
        ...

"""A ZIP file written in parts that are appended to one another (PKWARE APPNOTE 6.3.10), never rewritten.

Each piece is compressed by itself and flushed, so that a member is a row of whole DEFLATE blocks: what a killed process
wrote can be gone on from with nothing but a checksum and some lengths. Sizes follow their member (bit 3), and are of
64 bits everywhere.
"""

import asyncio
import struct
import zlib
from collections.abc import Iterator, Sequence
from uuid import UUID

import msgspec

from domains.exports import ArchiveState, Member, Piece
from domains.jobs import Files
from domains.shared.ids import new_id

_NEEDS = 45
_MADE_BY_UNIX = 3 << 8
_FLAGS = 0x0808
_DEFLATED = 8
_MIDNIGHT, _FIRST_DAY = 0, 0x0021
_OWNER_READS_AND_WRITES = 0o100600 << 16
_IN_EXTRA = 0xFFFFFFFF
_RAW = -15
_END_OF_STREAM = b"\x03\x00"


class ZipParts:
    """The `Archive`. A part's name is its own, so that two runs of one job never write the same."""

    def __init__(self, files: Files) -> None:
        self._files = files

    async def add(self, job: UUID, state: ArchiveState, pieces: Sequence[Piece], *, is_end: bool) -> ArchiveState:
        content, after = await asyncio.to_thread(_written, state, pieces, is_end=is_end)
        name = new_id().hex
        await self._files.put(job, name, content)
        return msgspec.structs.replace(after, parts=(*state.parts, name))


def _written(state: ArchiveState, pieces: Sequence[Piece], *, is_end: bool) -> tuple[bytes, ArchiveState]:
    writing = _Writing(state)
    for piece in pieces:
        writing.add(piece)
    if is_end:
        writing.close()
    return bytes(writing.content), writing.state


class _Writing:
    """One part. `content` grows from where `state` ended."""

    def __init__(self, state: ArchiveState) -> None:
        self.content = bytearray()
        self._start = state.length
        self._members = list(state.members)
        self._is_open = state.is_open

    @property
    def state(self) -> ArchiveState:
        return ArchiveState(length=self._position, members=tuple(self._members), is_open=self._is_open)

    def add(self, piece: Piece) -> None:
        if not self._is_open:
            self._members.append(Member(piece.name, self._position))
            self.content += _local_header(piece.name)
        packed = _packed(piece.content) + (_END_OF_STREAM if piece.is_last else b"")
        self.content += packed
        member = self._members[-1]
        self._members[-1] = msgspec.structs.replace(
            member,
            checksum=zlib.crc32(piece.content, member.checksum),
            size=member.size + len(piece.content),
            packed=member.packed + len(packed),
        )
        self._is_open = not piece.is_last
        if piece.is_last:
            self.content += _descriptor(self._members[-1])

    def close(self) -> None:
        """Write the central directory."""
        start = self._position
        for entry in _entries(self._members):
            self.content += entry
        self.content += _end(len(self._members), start, self._position - start)

    @property
    def _position(self) -> int:
        return self._start + len(self.content)


def _packed(content: bytes) -> bytes:
    """Whole blocks, none of them the last of the stream."""
    compressor = zlib.compressobj(level=6, wbits=_RAW)
    return compressor.compress(content) + compressor.flush(zlib.Z_FULL_FLUSH)


def _local_header(name: str) -> bytes:
    text = name.encode()
    extra = struct.pack("<HHQQ", 1, 16, 0, 0)
    fixed = struct.pack(
        "<4s5H3L2H", b"PK\x03\x04", _NEEDS, _FLAGS, _DEFLATED, _MIDNIGHT, _FIRST_DAY, 0, _IN_EXTRA, _IN_EXTRA,
        len(text), len(extra),
    )  # fmt: skip
    return fixed + text + extra


def _descriptor(member: Member) -> bytes:
    return struct.pack("<4sLQQ", b"PK\x07\x08", member.checksum, member.packed, member.size)


def _entries(members: Sequence[Member]) -> Iterator[bytes]:
    for member in members:
        text = member.name.encode()
        extra = struct.pack("<HHQQQ", 1, 24, member.size, member.packed, member.start)
        yield struct.pack(
            "<4s6H3L5H2L", b"PK\x01\x02", _MADE_BY_UNIX | _NEEDS, _NEEDS, _FLAGS, _DEFLATED, _MIDNIGHT, _FIRST_DAY,
            member.checksum, _IN_EXTRA, _IN_EXTRA, len(text), len(extra), 0, 0, 0, _OWNER_READS_AND_WRITES, _IN_EXTRA,
        ) + text + extra  # fmt: skip


def _end(count: int, start: int, size: int) -> bytes:
    """The end in 64 bits, where that is, and the old end, which points to them."""
    whole = struct.pack(
        "<4sQ2H2L4Q", b"PK\x06\x06", 44, _MADE_BY_UNIX | _NEEDS, _NEEDS, 0, 0, count, count, size, start
    )
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, start + size, 1)
    return whole + locator + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, _IN_EXTRA, _IN_EXTRA, 0)

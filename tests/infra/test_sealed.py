"""Files at rest: read again as they were, piece by piece, and never a part taken for the whole."""

from collections.abc import AsyncIterator

import msgspec
import pytest

from domains.shared.ids import new_id
from domains.shared.vault import Place, Unreadable
from infra.files.sealed import opened, sealed
from infra.vault import AesVault

VAULT = AesVault([b"k" * 32])
PLACE = Place(new_id(), "jobs.files", "job/part")
PIECE = 1 << 18


async def blocks(content: bytes, size: int) -> AsyncIterator[bytes]:
    for at in range(0, len(content), size):
        yield content[at : at + size]


async def read(content: bytes, *, vault: AesVault = VAULT, place: Place = PLACE, size: int = 100_000) -> list[bytes]:
    return [piece async for piece in opened(blocks(content, size), vault, place)]


@pytest.mark.parametrize("length", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
@pytest.mark.parametrize("size", [1 << 10, 1 << 20])
async def test_what_was_written_is_read_in_small_pieces(length: int, size: int) -> None:
    content = bytes(at % 251 for at in range(length))
    pieces = await read(sealed(content, VAULT, PLACE), size=size)
    assert b"".join(pieces) == content
    assert all(len(piece) <= PIECE for piece in pieces)


async def test_nothing_of_it_shows() -> None:
    content = b"Ada Lovelace, 12 Analytical Way. " * 20_000
    assert b"Ada Lovelace" not in sealed(content, VAULT, PLACE)


def pieces_of(content: bytes) -> list[bytes]:
    """The stored pieces, with their lengths."""
    found = []
    while content:
        size = 4 + (int.from_bytes(content[:4], "big") & 0x7FFFFFFF)
        found.append(content[:size])
        content = content[size:]
    return found


async def test_a_part_is_not_taken_for_the_whole() -> None:
    """Cut off at a piece's end or within one, put in another order, repeated, added to, or told to end before."""
    first, second, third = pieces_of(sealed(b"x" * 3 * PIECE, VAULT, PLACE))
    whole = first + second + third
    assert len(b"".join(await read(whole))) == 3 * PIECE
    ends_early = first + bytes([second[0] | 0x80]) + second[1:]
    changed = [first + second, whole[:-1], b"", first, second + first + third, first + first + second + third]
    for stored in (*changed, whole + b"x", whole + third, first + third, ends_early, b"PK\x03\x04" + whole):
        with pytest.raises(Unreadable):
            await read(stored)


async def test_it_opens_with_its_key_in_its_place_only() -> None:
    stored = sealed(b"x" * PIECE, VAULT, PLACE)
    assert await read(stored, vault=AesVault([b"n" * 32, b"k" * 32]))
    for other in (
        msgspec.structs.replace(PLACE, owner=new_id()),
        msgspec.structs.replace(PLACE, row="job/other"),
        msgspec.structs.replace(PLACE, row="job/part/0"),
    ):
        with pytest.raises(Unreadable):
            await read(stored, place=other)
    with pytest.raises(Unreadable):
        await read(stored, vault=AesVault([b"n" * 32]))

"""Content at rest, locked piece by piece: written and read with little memory, and told to be whole only when it is.

Each piece is four bytes of length, the highest bit set on the last one, and what the vault made of it. Its number, and
whether it is the last, are part of its place: a piece opens nowhere else, and what was cut off is missed.
"""

import struct
from collections.abc import AsyncIterator

import msgspec

from domains.shared.vault import Place, Unreadable, Vault

_PIECE = 1 << 18
_LONGEST = _PIECE + (1 << 10)
_LENGTH = struct.Struct(">I")
_LAST = 1 << 31


def sealed(content: bytes, vault: Vault, place: Place) -> bytes:
    """All of it, locked with the newest key."""
    made = bytearray()
    for at in range(0, max(1, len(content)), _PIECE):
        is_last = at + _PIECE >= len(content)
        locked = vault.lock(content[at : at + _PIECE], _place_of(place, at // _PIECE, is_last=is_last))
        made += _LENGTH.pack(len(locked) | (_LAST if is_last else 0)) + locked
    return bytes(made)


async def opened(blocks: AsyncIterator[bytes], vault: Vault, place: Place) -> AsyncIterator[bytes]:
    """The content again, a piece at a time. Raises `Unreadable`, at the latest where its end should be."""
    held, number, is_last = bytearray(), 0, False
    async for block in blocks:
        held += block
        while not is_last and (size := _whole(held)):
            is_last = held[0] >= _LAST >> 24
            yield vault.open(bytes(held[_LENGTH.size : size]), _place_of(place, number, is_last=is_last))
            del held[:size]
            number += 1
    if held or not is_last:
        raise Unreadable("It was cut short, or something was added to it.")


def _whole(held: bytearray) -> int:
    """How long the first piece is, if all of it is there; else 0."""
    if len(held) < _LENGTH.size:
        return 0
    length = _LENGTH.unpack_from(held)[0] & ~_LAST
    if length > _LONGEST:
        raise Unreadable("It was not locked by this program.")
    size: int = _LENGTH.size + length
    return size if len(held) >= size else 0


def _place_of(place: Place, number: int, *, is_last: bool) -> Place:
    return msgspec.structs.replace(place, row=f"{place.row}/{number}{'/last' if is_last else ''}")

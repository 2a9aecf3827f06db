"""Identifiers: UUID version 7 (RFC 9562 §5.7), so that newer rows sort after older ones."""

import os
import time
from uuid import UUID

import msgspec

_RANDOM_BITS = 74


class Ids:
    """Each is greater than the one before, also within a millisecond and when the clock is set back (§6.2)."""

    def __init__(self) -> None:
        self._last = 0

    def next(self) -> UUID:
        """A fresh one: 48 bits of milliseconds since 1970, then 74 random bits."""
        milliseconds = time.time_ns() // 1_000_000
        fresh = (milliseconds << _RANDOM_BITS) | (int.from_bytes(os.urandom(10)) >> 6)
        if fresh <= self._last:
            fresh = self._last + 1 + int.from_bytes(os.urandom(5))
        self._last = fresh
        high = (fresh >> _RANDOM_BITS << 16) | 0x7000 | (fresh >> 62 & 0xFFF)
        number = (high << 64) | (0b10 << 62) | (fresh & ((1 << 62) - 1))
        return msgspec.convert(number.to_bytes(16), UUID)  # a third of the time of `UUID(int=number)`


new_id = Ids().next

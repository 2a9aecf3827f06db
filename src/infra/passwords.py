"""Passwords: Argon2id with 19 MiB and two passes (OWASP), in threads, two at a time."""

import asyncio
import unicodedata

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from pwdlib.hashers.bcrypt import BcryptHasher

_MEMORY_KIB = 19 * 1024
_PASSES = 2
_AT_ONCE = 2


class Argon2Passwords:
    """A `PasswordHasher`. Hashes of bcrypt are accepted too.

    An accent typed as one character or as two is the same (NFC); all else counts, blanks and every byte of any length.
    """

    def __init__(self) -> None:
        argon2 = Argon2Hasher(time_cost=_PASSES, memory_cost=_MEMORY_KIB, parallelism=1)
        self._hasher = PasswordHash((argon2, BcryptHasher()))
        self._nobodys = self._hasher.hash("nobody has this password")
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def hash(self, password: str) -> str:
        async with self._places:
            return await asyncio.to_thread(self._hasher.hash, _composed(password))

    async def verify(self, password: str, password_hash: str | None) -> bool:
        async with self._places:
            right = await asyncio.to_thread(self._is_right, _composed(password), password_hash or self._nobodys)
        return right and password_hash is not None

    def _is_right(self, password: str, password_hash: str) -> bool:
        """For bcrypt, more than 72 bytes are a `ValueError`: such a password is never one of its."""
        try:
            return self._hasher.verify(password, password_hash)
        except ValueError:
            return False


def _composed(password: str) -> str:
    return unicodedata.normalize("NFC", password)

"""Passwords: Argon2id with 19 MiB and two passes (OWASP), in threads, two at a time, and so many in the queue."""

import asyncio
import re
import unicodedata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher
from pwdlib.hashers.bcrypt import BcryptHasher

from domains.shared.errors import Unavailable

_AT_ONCE = 2
_LEAST_BCRYPT_COST = 10
_BCRYPT = re.compile(r"\$2[abxy]?\$(?P<cost>[0-9]{2})\$")
_MOST_WAITING = 40


class HashingCost(msgspec.Struct, frozen=True):
    """What one hash of Argon2id takes. Cheaper ones than this are for tests that are about something else."""

    memory_kib: int = 19 * 1024
    passes: int = 2


OWASP = HashingCost()


class Argon2Passwords:
    """A `PasswordHasher`. Hashes of bcrypt with 2^10 rounds or more are accepted too. `waiting` says how many wait.

    With `_MOST_WAITING` before it (about a second's work), a password is not hashed: `Unavailable`, whosever it is.
    An accent typed as one character or as two is the same (NFC); all else counts, blanks and every byte of any length.
    """

    def __init__(self, cost: HashingCost = OWASP) -> None:
        self._argon2 = Argon2Hasher(time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=1)
        self._hasher = PasswordHash((self._argon2, BcryptHasher()))
        self._nobodys = self._hasher.hash("nobody has this password")
        self._places = asyncio.Semaphore(_AT_ONCE)
        self.waiting = 0

    async def hash(self, password: str) -> str:
        async with self._place():
            return await asyncio.to_thread(self._hasher.hash, _composed(password))

    async def renewed(self, password: str, password_hash: str) -> str | None:
        return await self.hash(password) if self._is_dated(password_hash) else None

    async def verify(self, password: str, password_hash: str | None) -> bool:
        async with self._place():
            right = await asyncio.to_thread(self._is_right, _composed(password), password_hash or self._nobodys)
        return right and password_hash is not None

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        if self.waiting >= _MOST_WAITING:
            raise Unavailable("Too many passwords wait to be checked.")
        self.waiting += 1
        try:
            await self._places.acquire()
        finally:
            self.waiting -= 1
        try:
            yield
        finally:
            self._places.release()

    def _is_right(self, password: str, password_hash: str) -> bool:
        """For bcrypt, more than 72 bytes are a `ValueError`: such a password is never one of its."""
        if _is_weak(password_hash):
            password_hash = self._nobodys
        try:
            return self._hasher.verify(password, password_hash)
        except (ValueError, UnknownHashError):
            return False

    def _is_dated(self, password_hash: str) -> bool:
        return self._argon2.check_needs_rehash(password_hash) if self._argon2.identify(password_hash) else True


def _is_weak(password_hash: str) -> bool:
    """Whether it lets nobody in: one of bcrypt with too few rounds, or none that we know."""
    if password_hash.startswith("$argon2"):
        return False
    bcrypt = _BCRYPT.match(password_hash)
    return bcrypt is None or int(bcrypt["cost"]) < _LEAST_BCRYPT_COST


def _composed(password: str) -> str:
    return unicodedata.normalize("NFC", password)

"""Encryption at rest: AES-256-GCM, its place bound as associated data (NIST SP 800-38D)."""

import hashlib
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domains.shared.vault import Place, Unreadable

_FORMAT = b"\x01"
_ID_BYTES = 4
_NONCE_BYTES = 12
_HEAD = len(_FORMAT) + _ID_BYTES + _NONCE_BYTES


class AesVault:
    """A `Vault` over keys of 32 bytes, the newest first.

    What is locked: a byte for the format, the key's id (4 bytes), the nonce (12, random), ciphertext and tag.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._ids = [_id_of(key) for key in keys]
        self._ciphers = {_id_of(key): AESGCM(key) for key in keys}

    @property
    def key(self) -> str:
        return self._ids[0].hex()

    def is_newest(self, locked: bytes) -> bool:
        return locked.startswith(_FORMAT + self._ids[0])

    def lock(self, secret: bytes, place: Place) -> bytes:
        newest, nonce = self._ids[0], os.urandom(_NONCE_BYTES)
        head = _FORMAT + newest + nonce
        return head + self._ciphers[newest].encrypt(nonce, secret, _bound_to(place))

    def open(self, locked: bytes, place: Place) -> bytes:
        key = locked[len(_FORMAT) : len(_FORMAT) + _ID_BYTES]
        cipher = self._ciphers.get(key)
        if locked[:1] != _FORMAT or cipher is None:
            raise Unreadable("It was locked with a key that is not known here.")
        try:
            return cipher.decrypt(locked[_HEAD - _NONCE_BYTES : _HEAD], locked[_HEAD:], _bound_to(place))
        except (InvalidTag, ValueError):
            raise Unreadable("It was locked in another place, or changed.") from None


def _id_of(key: bytes) -> bytes:
    return hashlib.blake2b(key, digest_size=_ID_BYTES, person=b"key id").digest()


def _bound_to(place: Place) -> bytes:
    return b"\x00".join((place.owner.bytes, place.column.encode(), place.row.encode()))

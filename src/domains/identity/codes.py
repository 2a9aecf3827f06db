"""Codes of six digits, mailed to confirm an address."""

import hashlib
import hmac
import secrets
from datetime import timedelta

LIFETIME = timedelta(minutes=10)
MOST_TRIES = 5


class Codes:
    """Makes codes and their digests. Only the digest is kept, keyed so that a stolen table does not tell the code."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def new(self) -> str:
        """Six random digits."""
        return f"{secrets.randbelow(1_000_000):06}"

    def digest(self, code: str) -> bytes:
        """HMAC-SHA256 of the code."""
        return hmac.digest(self._key, code.encode(), hashlib.sha256)

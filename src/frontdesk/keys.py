"""Keys for separate purposes, made from one secret, so that one purpose's key says nothing of another's."""

import hashlib


def key_for(purpose: str, secret: str) -> bytes:
    """32 bytes, the same each time (keyed BLAKE2b, `purpose` of at most 16 bytes)."""
    return hashlib.blake2b(secret.encode(), digest_size=32, person=purpose.encode()).digest()

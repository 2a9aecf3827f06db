"""The chain: each sealed entry has a number, and a hash over the entry and the hash before it.

The hash of entry n is SHA-256 over the hash of n - 1 (32 zero bytes before the first) followed by a JSON array in
UTF-8: number, tenant, id, microseconds since 1970, actor, action, subject, request id, the public changes as stored,
and the two digests in hex. A digest is SHA-256 over a salt and a personal part as stored. It is kept with the seal, so
that the part and its salt can be deleted. Postgres seals by this rule (`work.seal_audit`); here it is worked out anew.
"""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

_START = bytes(32)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Part(msgspec.Struct, frozen=True):
    """A personal part and its salt, or None for both: there was none, or it was deleted."""

    text: str | None
    salt: bytes | None

    def fits(self, digest: bytes | None) -> bool:
        if self.text is None and self.salt is None:
            return True
        if self.text is None or self.salt is None:
            return False
        return hashlib.sha256(self.salt + self.text.encode()).digest() == digest


class Seal(msgspec.Struct, frozen=True, kw_only=True):
    """What the sealer added to an entry."""

    number: int
    origin_digest: bytes | None
    personal_digest: bytes | None
    hash: bytes


class SealedEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as it is stored, with its seal. `changes` is the text of the public part, byte for byte."""

    tenant: UUID
    id: UUID
    occurred_at: datetime
    actor: UUID | None
    action: str
    subject: UUID | None
    request_id: str | None
    changes: str
    origin: Part
    personal: Part
    seal: Seal

    def hash_after(self, before: bytes) -> bytes:
        """The hash that it should have, if the entry before it has the hash `before`."""
        public = [
            self.seal.number,
            str(self.tenant),
            str(self.id),
            (self.occurred_at - _EPOCH) // _MICROSECOND,
            _text(self.actor),
            self.action,
            _text(self.subject),
            self.request_id,
            self.changes,
            self.seal.origin_digest and self.seal.origin_digest.hex(),
            self.seal.personal_digest and self.seal.personal_digest.hex(),
        ]
        return hashlib.sha256(before + json.dumps(public, ensure_ascii=False).encode()).digest()

    @property
    def parts_fit(self) -> bool:
        """Whether each personal part that is still there is the one that was sealed."""
        return self.origin.fits(self.seal.origin_digest) and self.personal.fits(self.seal.personal_digest)


class Chain(msgspec.Struct, frozen=True, kw_only=True):
    """Where a chain ends: the last number and its hash."""

    number: int
    hash: bytes


class Verification:
    """Follows a chain, entry by entry in the order of their numbers, for as long as each is what was sealed."""

    def __init__(self) -> None:
        self._chain = Chain(number=0, hash=_START)

    def follow(self, entry: SealedEntry) -> bool:
        """Whether `entry` is the next one and unchanged. Once one was not, no later one is the next."""
        is_next = entry.seal.number == self._chain.number + 1
        follows = is_next and entry.parts_fit and entry.hash_after(self._chain.hash) == entry.seal.hash
        if follows:
            self._chain = Chain(number=entry.seal.number, hash=entry.seal.hash)
        return follows

    def broken_at(self, end: Chain, *, highest: int) -> int | None:
        """The first number that is changed, missing or out of its place; None for a whole chain that ends at `end`.

        `highest` is the highest number that any seal has: there should be none beyond the end.
        """
        if self._chain.number < end.number:
            return self._chain.number + 1
        if self._chain != end:
            return max(end.number, 1)
        return end.number + 1 if highest > end.number else None


def _text(of: UUID | None) -> str | None:
    return None if of is None else str(of)

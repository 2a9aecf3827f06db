"""Refresh tokens: what carries a session on when its access token has run out."""

import base64
import hashlib
import hmac
import secrets
from datetime import timedelta
from uuid import UUID

import msgspec

from domains.shared.ids import new_id

GRACE = timedelta(seconds=10)
"""For how long the pair that a token was exchanged for is given once more."""

_PREFIX = "fd_refresh_"
_BYTES = 32


class SessionTerms(msgspec.Struct, frozen=True, kw_only=True):
    """How long sessions last.

    One ends when nobody refreshed it for `idle` (`remembered` where the person asked for that), and `longest` after its
    login in any case. An account has at most `most`: one more ends the one that was used longest ago.
    """

    idle: timedelta = timedelta(hours=24)
    remembered: timedelta = timedelta(days=30)
    longest: timedelta = timedelta(days=90)
    most: int = 20


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """A session about to be opened: its id, the digest of its first refresh token, and how long it lasts.

    `second`: its person has shown the second factor too, or needs none to be shown here.
    """

    session: UUID
    digest: bytes
    idle: timedelta
    longest: timedelta
    most: int
    second: bool


class RefreshTokens:
    """Makes refresh tokens: 256 random bits, or what follows from the token before and a key that only we have.

    Because the next one follows from the last, it can be given twice without being kept: only digests are stored.
    """

    def __init__(self, key: bytes, terms: SessionTerms) -> None:
        self._key = key
        self._terms = terms

    def new(self) -> str:
        return _PREFIX + secrets.token_urlsafe(_BYTES)

    def after(self, token: str) -> str:
        """The token that `token` is exchanged for (HMAC-SHA256)."""
        follows = hmac.digest(self._key, token.encode(), hashlib.sha256)
        return _PREFIX + base64.urlsafe_b64encode(follows).rstrip(b"=").decode("ascii")

    def digest(self, token: str) -> bytes:
        """SHA-256: there is nothing to guess in 256 random bits."""
        return hashlib.sha256(token.encode()).digest()

    def opening(self, token: str, *, remember: bool, second: bool) -> Opening:
        """A session that begins with `token`."""
        of = self._terms
        return Opening(
            session=new_id(),
            digest=self.digest(token),
            idle=of.remembered if remember else of.idle,
            longest=of.longest,
            most=of.most,
            second=second,
        )

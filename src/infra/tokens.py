"""Access tokens: JWT (RFC 7519, RFC 9068 type), HS256, one issuer and one audience."""

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import jwt
import msgspec

from domains.identity import Session
from domains.shared.errors import TokenExpired, Unauthenticated

_ALGORITHM = "HS256"
_TYPE = "at+jwt"
_ISSUER = "frontdesk"
_AUDIENCE = "frontdesk-api"
_REQUIRED = ["exp", "iat", "iss", "aud", "sub", "sid"]
_LEEWAY_SECONDS = 5
_TIMES = ("exp", "iat", "nbf")
_KEY_ID_BYTES = 8
_DIGEST_BYTES = 32
_MOST_VERIFIED = 10_000


class _Verified(msgspec.Struct, frozen=True):
    """A token that was found to be good, which it stays until the end that it names (seconds since 1970)."""

    session: UUID
    until: float


def key_id(secret: str) -> str:
    """The name of a secret, which says nothing of it (BLAKE2b)."""
    return hashlib.blake2b(secret.encode(), digest_size=_KEY_ID_BYTES, person=b"kid").hexdigest()


class JwtAccessTokens:
    """The `AccessTokens` of one secret, which also reads those of `previous` ones, while they last.

    A token names a session; what the session may do is never read from it. Its header is one that we give out, down to
    the names in it, and says which of our secrets it was signed with; nothing in it is followed or fetched.

    What was read once is remembered by its digest, not its text; whether its session lasts is never asked here.
    `wall` says what time it is: the same for all processes, or one would refuse what another has just issued.
    """

    def __init__(
        self, secret: str, *, lifetime: int, wall: Callable[[], datetime], previous: Sequence[str] = ()
    ) -> None:
        self._secret = secret
        self._wall = wall
        self._header = {"typ": _TYPE, "kid": key_id(secret)}
        self._keys = {key_id(each): each for each in (secret, *previous)}
        self._known_headers = {self._header_of(each): each for each in self._keys.values()}
        self._lifetime = lifetime
        self._verified: dict[bytes, _Verified] = {}

    @property
    def lifetime(self) -> int:
        return self._lifetime

    def issue(self, session: Session, *, at: datetime | None = None) -> str:
        issued_at = int((at or self._wall()).timestamp())
        claims = {
            "iss": _ISSUER,
            "aud": _AUDIENCE,
            "sub": str(session.user),
            "sid": str(session.id),
            "tid": str(session.tenant),
            "iat": issued_at,
            "exp": issued_at + self._lifetime,
        }
        return jwt.encode(claims, self._secret, algorithm=_ALGORITHM, headers=self._header)

    def read(self, token: str) -> UUID:
        digest = hashlib.blake2b(token.encode(), digest_size=_DIGEST_BYTES).digest()
        verified = self._verified.get(digest)
        if verified is None or verified.until <= self._wall().timestamp():
            verified = self._verify(token)
            self._remember(digest, verified)
        return verified.session

    def _verify(self, token: str) -> _Verified:
        try:
            claims = jwt.decode(
                token,
                self._secret_for(token),
                algorithms=[_ALGORITHM],
                issuer=_ISSUER,
                audience=_AUDIENCE,
                options={"require": _REQUIRED, "verify_exp": False, "verify_iat": False, "verify_nbf": False},
            )
            self._must_be_timely(claims)
            return _Verified(UUID(claims["sid"]), float(claims["exp"]))
        except (jwt.InvalidTokenError, ValueError, TypeError, AttributeError, OverflowError):
            raise Unauthenticated("The access token is not valid.") from None

    def _must_be_timely(self, claims: Mapping[str, Any]) -> None:
        """PyJWT asks this machine's clock, which may be off. Raise `TokenExpired`, or `ValueError` else."""
        now = self._wall().timestamp()
        if not all(_is_time(claims[name]) for name in _TIMES if name in claims):
            raise ValueError("not a time")
        if claims["exp"] <= now - _LEEWAY_SECONDS:
            raise TokenExpired("The access token has expired.")
        if max(claims["iat"], claims.get("nbf", 0)) > now + _LEEWAY_SECONDS:
            raise ValueError("of the future")

    def _remember(self, digest: bytes, verified: _Verified) -> None:
        if digest not in self._verified and len(self._verified) >= _MOST_VERIFIED:
            del self._verified[next(iter(self._verified))]
        self._verified[digest] = verified

    def _secret_for(self, token: str) -> str:
        """As a rule the header is, letter by letter, one that this process writes itself."""
        known = self._known_headers.get(token.partition(".")[0])
        return self._secret_named_in(jwt.get_unverified_header(token)) if known is None else known

    def _secret_named_in(self, header: dict[str, object]) -> str:
        name = header.get("kid")
        secret = self._keys.get(name) if isinstance(name, str) else None
        if secret is None or header != {"alg": _ALGORITHM, "typ": _TYPE, "kid": name}:
            raise Unauthenticated("The access token is not valid.")
        return secret

    def _header_of(self, secret: str) -> str:
        headers = {"typ": _TYPE, "kid": key_id(secret)}
        return jwt.encode({}, secret, algorithm=_ALGORITHM, headers=headers).partition(".")[0]


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)

"""Access tokens: JWT (RFC 7519, RFC 9068 type), HS256, one issuer and one audience."""

import time
from uuid import UUID

import jwt

from domains.identity import Session
from domains.shared.errors import TokenExpired, Unauthenticated

_ALGORITHM = "HS256"
_TYPE = "at+jwt"
_ISSUER = "frontdesk"
_AUDIENCE = "frontdesk-api"
_REQUIRED = ["exp", "iat", "iss", "aud", "sub", "sid"]
_LEEWAY_SECONDS = 5


class JwtAccessTokens:
    """The `AccessTokens` of one secret. A token names a session; what the session may do is never read from it."""

    def __init__(self, secret: str, *, lifetime: int) -> None:
        self._secret = secret
        self._lifetime = lifetime

    @property
    def lifetime(self) -> int:
        return self._lifetime

    def issue(self, session: Session) -> str:
        now = int(time.time())
        claims = {
            "iss": _ISSUER,
            "aud": _AUDIENCE,
            "sub": str(session.user),
            "sid": str(session.id),
            "tid": str(session.tenant),
            "iat": now,
            "exp": now + self._lifetime,
        }
        return jwt.encode(claims, self._secret, algorithm=_ALGORITHM, headers={"typ": _TYPE})

    def read(self, token: str) -> UUID:
        try:
            found = jwt.decode_complete(
                token,
                self._secret,
                algorithms=[_ALGORITHM],
                issuer=_ISSUER,
                audience=_AUDIENCE,
                leeway=_LEEWAY_SECONDS,
                options={"require": _REQUIRED},
            )
            if found["header"].get("typ") != _TYPE or "crit" in found["header"]:
                raise Unauthenticated("The access token is not valid.")
            return UUID(found["payload"]["sid"])
        except jwt.ExpiredSignatureError:
            raise TokenExpired("The access token has expired.") from None
        except (jwt.InvalidTokenError, ValueError, TypeError, AttributeError):
            raise Unauthenticated("The access token is not valid.") from None

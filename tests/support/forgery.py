"""Access tokens as nobody should accept them."""

import base64
import hmac
import json
import time
from typing import Any

from domains.shared.ids import new_id
from infra.tokens import key_id
from tests.support.house import SECRET

Claims = dict[str, Any]

GOOD_HEADER: Claims = {"alg": "HS256", "typ": "at+jwt", "kid": key_id(SECRET)}


def claims(session: object = None, **changes: Any) -> Claims:
    """What a good token of `session` says; a change to `...` leaves the claim out."""
    now = int(time.time())
    good = {
        "iss": "frontdesk",
        "aud": "frontdesk-api",
        "sub": str(new_id()),
        "sid": str(session or new_id()),
        "tid": str(new_id()),
        "iat": now,
        "exp": now + 600,
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not ...}


def token(payload: Claims, *, header: Claims | None = None, key: str = SECRET, digest: str = "sha256") -> str:
    """A compact JWS, by hand: what `header` says is not asked for."""
    signed = f"{_part(GOOD_HEADER if header is None else header)}.{_part(payload)}"
    signature = hmac.digest(key.encode(), signed.encode(), digest)
    return f"{signed}.{_encoded(signature)}"


def unsigned(good: str) -> str:
    """The token less its signature."""
    return good.rpartition(".")[0] + "."


def _part(value: Claims) -> str:
    return _encoded(json.dumps(value).encode())


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

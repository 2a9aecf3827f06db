"""Signatures of raw bodies, as Stripe's: `t=<seconds since 1970>,v1=<hex>,v1=<hex>`, HMAC-SHA256 of `<t>.<body>`."""

import hashlib
import hmac
import re
from collections.abc import Sequence
from datetime import datetime

from domains.shared.errors import Unauthenticated

TOLERANCE_SECONDS = 300

_STAMP = re.compile(r"[0-9]{1,12}", re.ASCII)
_MOST_PARTS = 20


def stamped(body: bytes, *, secret: str, at: int) -> str:
    """The header that `must_be_signed` takes."""
    return f"t={at},v1={_mac(body, secret, str(at))}"


def must_be_signed(body: bytes, header: str | None, *, secrets: Sequence[str], now: datetime) -> None:
    """Raise `Unauthenticated` unless one of the signatures is by one of `secrets`, at most five minutes ago or ahead.

    Several of either are there while a secret is being replaced.
    """
    pairs = [part.partition("=")[::2] for part in (header or "").split(",")[:_MOST_PARTS]]
    stamps = [value for name, value in pairs if name.strip() == "t"]
    given = [value for name, value in pairs if name.strip() == "v1"]
    if len(stamps) != 1 or not _STAMP.fullmatch(stamps[0]):
        raise _refusal()
    if abs(now.timestamp() - int(stamps[0])) > TOLERANCE_SECONDS:
        raise _refusal()
    wanted = [_mac(body, secret, stamps[0]) for secret in secrets if secret]
    if not any(hmac.compare_digest(one.encode(), other.encode()) for one in wanted for other in given):
        raise _refusal()


def _mac(body: bytes, secret: str, stamp: str) -> str:
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _refusal() -> Unauthenticated:
    return Unauthenticated("The signature is not valid.")

"""Codes by time (RFC 6238) by pyotp; the shared secrets are sealed with AES-256-GCM before they are stored."""

import hmac
import os
import time
from uuid import UUID

import pyotp
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domains.identity import Enrolment

_ISSUER = "Frontdesk"
_SECONDS = 30
_DIGITS = 6
_NONCE_BYTES = 12


class TotpAuthenticator:
    """An `Authenticator`. The account is part of the seal: a secret copied into another's row does not open."""

    def __init__(self, key: bytes) -> None:
        self._seal = AESGCM(key)

    def enrol(self, account: UUID, email: str) -> Enrolment:
        secret = pyotp.random_base32()
        nonce = os.urandom(_NONCE_BYTES)
        sealed = nonce + self._seal.encrypt(nonce, secret.encode(), account.bytes)
        uri = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=_ISSUER)
        return Enrolment(sealed, secret, uri)

    def step(self, account: UUID, sealed: bytes, code: str) -> int | None:
        if len(code) != _DIGITS or not (code.isascii() and code.isdigit()):
            return None
        secret = self._seal.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], account.bytes).decode()
        codes, now = pyotp.TOTP(secret), int(time.time()) // _SECONDS
        fitting = [step for step in (now, now - 1, now + 1) if hmac.compare_digest(codes.generate_otp(step), code)]
        return fitting[0] if fitting else None

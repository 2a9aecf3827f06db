"""Codes by time (RFC 6238) by pyotp; the shared secrets are locked in the vault before they are stored."""

import hmac
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

import pyotp
import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domains.identity import Enrolment
from domains.shared.vault import Place, Unreadable, Vault

_ISSUER = "Frontdesk"
_SECONDS = 30
_DIGITS = 6
_NONCE_BYTES = 12
_log = structlog.get_logger("totp")


class SharedSecrets:
    """The secrets at rest. The account is part of the place: a secret copied into another's row does not open.

    `former` are the keys of the time before the vault, derived from the secrets that sign tokens: they open only.
    """

    def __init__(self, vault: Vault, former: Sequence[bytes] = ()) -> None:
        self._vault = vault
        self._former = [AESGCM(key) for key in former]

    def lock(self, account: UUID, secret: bytes) -> bytes:
        return self._vault.lock(secret, _place_of(account))

    def open(self, account: UUID, sealed: bytes) -> bytes:
        """Raises `Unreadable`."""
        try:
            return self._vault.open(sealed, _place_of(account))
        except Unreadable:
            for key in self._former:
                with suppress(InvalidTag, ValueError):
                    return key.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], account.bytes)
            raise

    def locked_anew(self, account: UUID, sealed: bytes) -> bytes | None:
        """The same with the newest key; None where it is that already. Raises `Unreadable`."""
        return None if self._vault.is_newest(sealed) else self.lock(account, self.open(account, sealed))


class TotpAuthenticator:
    """An `Authenticator`. `wall` says what time it is."""

    def __init__(self, secrets: SharedSecrets, wall: Callable[[], datetime]) -> None:
        self._secrets = secrets
        self._wall = wall

    def enrol(self, account: UUID, email: str) -> Enrolment:
        secret = pyotp.random_base32()
        uri = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=_ISSUER)
        return Enrolment(self._secrets.lock(account, secret.encode()), secret, uri)

    def step(self, account: UUID, sealed: bytes, code: str) -> int | None:
        """A secret that does not open fits no code, and is told to the operator: recovery codes still serve."""
        if len(code) != _DIGITS or not (code.isascii() and code.isdigit()):
            return None
        try:
            codes = pyotp.TOTP(self._secrets.open(account, sealed).decode())
        except Unreadable as error:
            _log.error("second_factor_unreadable", account_id=str(account), why=str(error))
            return None
        now = int(self._wall().timestamp()) // _SECONDS
        fitting = [step for step in (now, now - 1, now + 1) if hmac.compare_digest(codes.generate_otp(step), code)]
        return fitting[0] if fitting else None


def _place_of(account: UUID) -> Place:
    return Place(account, "second_factors.secret", "totp")

"""Codes by time: RFC 6238, one step to each side, secrets sealed to their account."""

import os
import time
from datetime import UTC, datetime

import pyotp
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from structlog.testing import capture_logs

from domains.shared.ids import new_id
from domains.shared.vault import Unreadable
from infra.totp import SharedSecrets, TotpAuthenticator
from infra.vault import AesVault

KEY, FORMER = b"k" * 32, b"f" * 32
AUTHENTICATOR = TotpAuthenticator(SharedSecrets(AesVault([KEY])), lambda: datetime.now(UTC))
ACCOUNT = new_id()


def test_a_secret_is_new_each_time_and_its_uri_names_the_person() -> None:
    one, two = (AUTHENTICATOR.enrol(ACCOUNT, "ada@example.com") for _ in range(2))
    assert one.secret != two.secret
    assert len(one.secret) == 32
    assert one.uri == f"otpauth://totp/Frontdesk:ada%40example.com?secret={one.secret}&issuer=Frontdesk"


@pytest.mark.parametrize(("off", "is_near"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_is_right_for_one_step_to_each_side(off: int, is_near: bool) -> None:
    made = AUTHENTICATOR.enrol(ACCOUNT, "ada@example.com")
    codes = pyotp.TOTP(made.secret)
    deadline, found, step = time.monotonic() + 5, None, -1
    while time.monotonic() < deadline:
        step = int(time.time()) // 30
        found = AUTHENTICATOR.step(ACCOUNT, made.sealed, codes.generate_otp(step + off))
        if int(time.time()) // 30 == step:
            break
    assert found == (step + off if is_near else None)


@pytest.mark.parametrize("code", ["12345", "1234567", "abcdef", "k7wq3-9mz4t", "١٢٣٤٥٦"])
def test_what_is_no_code_by_time_fits_no_step(code: str) -> None:
    made = AUTHENTICATOR.enrol(ACCOUNT, "ada@example.com")
    assert AUTHENTICATOR.step(ACCOUNT, made.sealed, code) is None


def test_a_sealed_secret_opens_for_its_account_and_key_only() -> None:
    made = AUTHENTICATOR.enrol(ACCOUNT, "ada@example.com")
    assert made.secret.encode() not in made.sealed
    elsewhere = TotpAuthenticator(SharedSecrets(AesVault([b"x" * 32]), [FORMER]), lambda: datetime.now(UTC))
    code = pyotp.TOTP(made.secret).now()
    for authenticator, account in ((AUTHENTICATOR, new_id()), (elsewhere, ACCOUNT)):
        with capture_logs() as logs:
            assert authenticator.step(account, made.sealed, code) is None
        assert [each["event"] for each in logs] == ["second_factor_unreadable"]
        assert made.secret not in str(logs)


def test_what_was_sealed_before_the_vault_opens_and_is_locked_anew() -> None:
    nonce, secret = os.urandom(12), pyotp.random_base32().encode()
    sealed = nonce + AESGCM(FORMER).encrypt(nonce, secret, ACCOUNT.bytes)
    secrets = SharedSecrets(AesVault([KEY]), [b"n" * 32, FORMER])
    assert secrets.open(ACCOUNT, sealed) == secret
    anew = secrets.locked_anew(ACCOUNT, sealed)
    assert anew is not None
    assert SharedSecrets(AesVault([KEY])).open(ACCOUNT, anew) == secret
    assert secrets.locked_anew(ACCOUNT, anew) is None
    for account, former in ((new_id(), FORMER), (ACCOUNT, b"x" * 32)):
        with pytest.raises(Unreadable):
            SharedSecrets(AesVault([KEY]), [former]).open(account, sealed)


def test_an_older_key_of_the_vault_opens_and_the_newest_locks() -> None:
    older = SharedSecrets(AesVault([FORMER])).lock(ACCOUNT, b"secret")
    both = SharedSecrets(AesVault([KEY, FORMER]))
    assert both.open(ACCOUNT, older) == b"secret"
    anew = both.locked_anew(ACCOUNT, older)
    assert anew is not None
    assert SharedSecrets(AesVault([KEY])).open(ACCOUNT, anew) == b"secret"

"""Codes by time: RFC 6238, one step to each side, secrets sealed to their account."""

import time

import pyotp
import pytest
from cryptography.exceptions import InvalidTag

from domains.shared.ids import new_id
from infra.totp import TotpAuthenticator

AUTHENTICATOR = TotpAuthenticator(b"k" * 32)
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
    for authenticator, account in ((AUTHENTICATOR, new_id()), (TotpAuthenticator(b"x" * 32), ACCOUNT)):
        with pytest.raises(InvalidTag):
            authenticator.step(account, made.sealed, "123456")

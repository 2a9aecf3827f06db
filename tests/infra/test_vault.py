"""Encryption at rest: what is locked opens in its place, with its key, unchanged; and nowhere else."""

import pytest

from domains.shared.ids import new_id
from domains.shared.vault import Place, Unreadable
from infra.vault import AesVault

KEY, OTHER = b"k" * 32, b"o" * 32
PLACE = Place(new_id(), "tenant_integrations.secrets", "stripe")
SECRET = b"sk_live_1234567890"


def test_what_is_locked_opens_and_does_not_show() -> None:
    vault = AesVault([KEY])
    locked = vault.lock(SECRET, PLACE)
    assert vault.open(locked, PLACE) == SECRET
    assert SECRET not in locked
    assert vault.lock(SECRET, PLACE) != locked


@pytest.mark.parametrize(
    "elsewhere",
    [
        Place(new_id(), PLACE.column, PLACE.row),
        Place(PLACE.owner, "accounts.totp", PLACE.row),
        Place(PLACE.owner, PLACE.column, "twilio"),
        Place(PLACE.owner, "tenant_integrations", "secrets\x00stripe"),
    ],
)
def test_it_opens_in_no_other_place(elsewhere: Place) -> None:
    vault = AesVault([KEY])
    with pytest.raises(Unreadable):
        vault.open(vault.lock(SECRET, PLACE), elsewhere)


def test_every_changed_byte_is_seen() -> None:
    vault = AesVault([KEY])
    locked = vault.lock(SECRET, PLACE)
    for at in range(len(locked)):
        with pytest.raises(Unreadable):
            vault.open(locked[:at] + bytes([locked[at] ^ 1]) + locked[at + 1 :], PLACE)
    for shorter in (b"", locked[:5], locked[:17], locked[:-1]):
        with pytest.raises(Unreadable):
            vault.open(shorter, PLACE)


def test_an_older_key_opens_and_the_newest_locks() -> None:
    old, both = AesVault([OTHER]), AesVault([KEY, OTHER])
    assert both.open(old.lock(SECRET, PLACE), PLACE) == SECRET
    assert AesVault([KEY]).open(both.lock(SECRET, PLACE), PLACE) == SECRET
    assert (both.key, old.key) == (AesVault([KEY]).key, AesVault([OTHER]).key)
    with pytest.raises(Unreadable):
        AesVault([KEY]).open(old.lock(SECRET, PLACE), PLACE)

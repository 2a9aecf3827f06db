"""Passwords are hashed slowly, and never on the event loop."""

import asyncio
import time
import unicodedata

import pytest
from pwdlib.hashers.bcrypt import BcryptHasher

from domains.shared.errors import Unavailable
from infra.passwords import Argon2Passwords


@pytest.fixture(scope="module")
def passwords() -> Argon2Passwords:
    return Argon2Passwords()


async def test_a_hash_is_argon2id_with_19_mib_and_two_passes(passwords: Argon2Passwords) -> None:
    made = await passwords.hash("Correct-Horse-7")
    assert made.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert made != await passwords.hash("Correct-Horse-7")


@pytest.mark.parametrize("password", ["Correct-Horse-7", " spaces kept ", "é", "Ünïcödé-7", "A1" + "b" * 126])
async def test_only_the_password_itself_is_right(passwords: Argon2Passwords, password: str) -> None:
    made = await passwords.hash(password)
    assert await passwords.verify(password, made)
    for other in (password + " ", password[:-1], password.swapcase() + "x"):
        assert not await passwords.verify(other, made)


async def test_nothing_is_cut_off_at_72_bytes(passwords: Argon2Passwords) -> None:
    made = await passwords.hash("x" * 100 + "a")
    assert not await passwords.verify("x" * 100 + "b", made)


async def test_without_a_hash_it_is_false_after_as_long(passwords: Argon2Passwords) -> None:
    made = await passwords.hash("Correct-Horse-7")
    spent = {"known": float("inf"), "unknown": float("inf")}
    for _ in range(5):
        for name, kept in (("known", made), ("unknown", None)):
            started = time.perf_counter()
            assert not await passwords.verify("Wrong-Horse-7", kept)
            spent[name] = min(spent[name], time.perf_counter() - started)
    assert spent["unknown"] > spent["known"] / 2
    assert not await passwords.verify("nobody has this password", None)


async def test_a_hash_of_bcrypt_is_accepted(passwords: Argon2Passwords) -> None:
    old = BcryptHasher(rounds=10).hash("Correct-Horse-7")
    assert await passwords.verify("Correct-Horse-7", old)
    for wrong in ("Wrong-Horse-7", "Correct-Horse-7" * 10, ""):
        assert not await passwords.verify(wrong, old)


@pytest.mark.parametrize(
    "kept",
    ["none", "", "Correct-Horse-7", BcryptHasher(rounds=4).hash("Correct-Horse-7")],
    ids=["none", "empty", "in the clear", "weak"],
)
async def test_what_is_no_hash_or_a_weak_one_lets_nobody_in(passwords: Argon2Passwords, kept: str) -> None:
    assert not await passwords.verify("Correct-Horse-7", kept)
    assert await passwords.verify("Correct-Horse-7", await passwords.hash("Correct-Horse-7"))


async def test_an_accent_is_the_same_however_it_was_typed(passwords: Argon2Passwords) -> None:
    composed, decomposed = (unicodedata.normalize(form, "Ünïcödé-7") for form in ("NFC", "NFD"))
    assert composed != decomposed
    assert await passwords.verify(decomposed, await passwords.hash(composed))
    assert await passwords.verify(composed, await passwords.hash(decomposed))
    assert not await passwords.verify("Unicode-7", await passwords.hash(composed))


async def test_hashing_leaves_the_event_loop_free(passwords: Argon2Passwords) -> None:
    hashing = asyncio.gather(*(passwords.hash(f"Correct-Horse-{number}") for number in range(6)))
    turns = 0
    while not hashing.done():
        await asyncio.sleep(0)
        turns += 1
    assert len(set(await hashing)) == 6
    assert turns > 100


async def test_a_flood_is_turned_away_at_once_and_leaves_room_for_the_next(passwords: Argon2Passwords) -> None:
    """Attack C15 193: the queue is bounded. How late the event loop gets is measured by `bench/password_flood.py`."""
    answers = await asyncio.gather(*(passwords.verify("x", None) for _ in range(60)), return_exceptions=True)
    turned_away = [answer for answer in answers if isinstance(answer, Unavailable)]
    assert [answer for answer in answers if answer is False] == [False] * 42
    assert len(turned_away) == 18
    assert passwords.waiting == 0
    assert not await passwords.verify("x", None)

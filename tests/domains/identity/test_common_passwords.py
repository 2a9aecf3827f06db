"""Passwords that are guessed first are refused: attack 57, and not by their look alone."""

import tracemalloc
from pathlib import Path

import pytest

from domains.identity import common_passwords
from domains.identity.common_passwords import is_common
from domains.identity.passwords import must_be_strong
from domains.shared.errors import ValidationFailed

LISTS = sorted(Path(common_passwords.__file__).parent.glob("*_passwords.txt"))
STEMS = [line for each in LISTS for line in each.read_text().splitlines() if line and not line.startswith("#")]


def refusals(password: str) -> list[str]:
    try:
        must_be_strong(password, "password")
    except ValidationFailed as refused:
        return [error.code for error in refused.errors]
    return []


def test_more_than_three_thousand_are_refused_that_keep_every_rule() -> None:
    assert len(LISTS) == 2
    dressed = [stem.capitalize() + ("!!!!" if stem[-1].isdigit() else "2026!") for stem in STEMS if stem[0].isalpha()]
    found = {each: refusals(each) for each in dressed}
    assert [each for each, codes in found.items() if not codes] == []
    assert list(found.values()).count(["too_common"]) > 30_000


FIRST_GUESSES = (
    "Summer2026! Winter2025 Qwer1234 1qaz2WSX Zaq12wsx January1 Michelle1 P@ssw0rd123 Iloveyou1 Welcome1! Admin123"
    " Monday123 Qwertyuiop1 Letmein1! Aa123456 Abc12345 Liverpool1 Poiuyt098 Trustno1! Sunshine99 1Q2w3e4r A1b2c3d4!"
    " Anderson1 DragonDragon7 $unsh1ne2026"
)


@pytest.mark.parametrize("password", FIRST_GUESSES.split())
def test_what_guessers_try_first_is_common(password: str) -> None:
    assert is_common(password)


@pytest.mark.parametrize("password", ["Correct-Horse-7", "Xk9-plinth-vow", "Tall-Anderson-Boat-3", "Nine9Quiet8Foxes"])
def test_what_is_more_than_one_word_is_not(password: str) -> None:
    assert not is_common(password)
    assert is_common(password, about=[password])


def test_the_list_is_small_in_memory() -> None:
    common_passwords._stems.cache_clear()
    tracemalloc.start()
    is_common("anything")
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 8_000_000

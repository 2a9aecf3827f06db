"""What a password must be."""

import unicodedata
from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta

from domains.identity.common_passwords import is_common
from domains.shared.errors import FieldError, ValidationFailed

PasswordText = Annotated[str, Meta(min_length=1, max_length=128, examples=["Correct-Horse-7"])]

_SHORTEST = 8


def must_be_strong(password: str, field: str, *, about: Iterable[str] = ()) -> None:
    """Raise `ValidationFailed`, naming each rule that is broken: 8 characters, upper and lower case, a digit.

    One that breaks none is still refused when it is common: `about` are words that a guesser knows, such as the
    person's address and name. A character typed as two (NFD) counts as the one that it is (NFC); nothing is trimmed.
    """
    password = unicodedata.normalize("NFC", password)
    rules = {
        "too_short": (len(password) >= _SHORTEST, "has at least 8 characters"),
        "no_upper_case": (any(character.isupper() for character in password), "has an upper-case letter"),
        "no_lower_case": (any(character.islower() for character in password), "has a lower-case letter"),
        "no_digit": (any(character.isdigit() for character in password), "has a digit"),
    }
    broken = [FieldError(field, code, f"A password {text}.") for code, (kept, text) in rules.items() if not kept]
    if not broken and is_common(password, about=about):
        broken = [FieldError(field, "too_common", "This password is one of those that are guessed first.")]
    if broken:
        raise ValidationFailed.all_of(broken)
